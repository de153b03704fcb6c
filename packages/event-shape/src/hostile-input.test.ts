import { expect, test } from 'vitest';
import { createEventSource } from '../bench/openstack-events.ts';
import { createEffort } from './effort.ts';
import { createShapeSplitter, joinShape } from './index.ts';
import { createSightings } from './sightings.ts';

test('a flood of new structures does not keep known ones from being split, nor a new one from being learned', () => {
  const splitter = createShapeSplitter();
  const next = createEventSource(5);
  for (let i = 0; i < 2000; i++) splitter.split(next());
  let split = 0;
  let learnedAfter = 0;
  for (let i = 0; i < 20_000; i++) {
    splitter.split(`{"k${i}":"x","n":${i}}`);
    if (splitter.split(next()) !== undefined) split++;
    if (learnedAfter === 0 && i > 10_000 && splitter.split(`{"late":${i}}`) !== undefined)
      learnedAfter = i - 10_000;
  }
  expect(split).toBeGreaterThan(19_900);
  expect(learnedAfter).toBeGreaterThan(0);
});

test('never more shapes than allowed, and those that there are go on', () => {
  const splitter = createShapeSplitter({ maxShapes: 5, minSightings: 1 });
  const texts = Array.from({ length: 50 }, (_, i) => `{"k${i}":1}`);
  const ids = new Set<string>();
  for (let round = 0; round < 3; round++)
    for (const text of texts) ids.add(splitter.split(text)?.shape.id ?? '');
  expect(ids.size).toBe(6);
  expect(splitter.split('{"k0":2}')).toBeDefined();
});

test('never more structures or characters than allowed', () => {
  const texts = Array.from({ length: 50 }, (_, i) => `{"k${i}":1,"x":"${'long '.repeat(40)}"}`);
  const count = (options: { maxStructures?: number; maxShapeCharacters?: number }): number => {
    const splitter = createShapeSplitter({ minSightings: 1, ...options });
    return texts.filter((text) => splitter.split(text) !== undefined).length;
  };
  expect(count({})).toBe(50);
  expect(count({ maxStructures: 7 })).toBe(7);
  expect(count({ maxShapeCharacters: 2000 })).toBeLessThan(10);
});

test('structures are made at a bounded rate, however many are offered', () => {
  const splitter = createShapeSplitter({ minSightings: 1 });
  let made = 0;
  for (let i = 0; i < 2000; i++) if (splitter.split(`{"k${i}":1}`) !== undefined) made++;
  expect(made).toBeGreaterThan(500);
  expect(made).toBeLessThan(530);
});

test('when shapes of the past take up the room, those of the present get it in the end', () => {
  const splitter = createShapeSplitter({ maxShapes: 2, minSightings: 1 });
  splitter.split('{"a":1}');
  splitter.split('{"b":1}');
  expect(splitter.split('{"c":1}')).toBeUndefined();
  let texts = 0;
  while (texts < 3_000_000 && splitter.split('{"c":1}') === undefined) texts++;
  expect(splitter.split('{"c":1}')).toBeDefined();
  expect(splitter.split('{"d":1}')).toBeDefined();
});

test('a text as long as allowed, of as many leaves as allowed, is split', () => {
  const splitter = createShapeSplitter({ minSightings: 1 });
  const members = Array.from(
    { length: 200 },
    (_, i) => `"key-${i}-${'k'.repeat(60)}":${i},"s${i}":"${'v'.repeat(50)}"`,
  );
  for (const text of [
    `{${members.join(',')}}`,
    `{"a":"${'\\n'.repeat(16_000)}"}`,
    `{"${'k'.repeat(32_000)}":1}`,
  ]) {
    const split = splitter.split(text);
    if (split === undefined) throw new Error('not split');
    expect(joinShape(split.shape, split.values)).toBe(text);
  }
});

test('counting structures keeps the younger ones and never more than two generations', () => {
  const sightings = createSightings(10);
  for (let hash = 0; hash < 1000; hash++) sightings.count(hash);
  expect(sightings.count(999)).toBe(2);
  expect(sightings.count(0)).toBe(1);
  sightings.refuse(5);
  expect(sightings.count(5)).toBeLessThan(0);
});

test('looking into unknown texts becomes rare while it teaches nothing, and common again when it does', () => {
  const effort = createEffort();
  const looks = (texts: number, useful: boolean): number => {
    let looked = 0;
    for (let i = 0; i < texts; i++) {
      if (!effort.worthwhile()) continue;
      looked++;
      effort.learned(useful);
    }
    return looked;
  };
  looks(20_000, false);
  const rare = looks(64_000, false);
  expect(rare).toBeGreaterThan(500);
  expect(rare).toBeLessThan(2000);
  looks(20_000, true);
  expect(looks(1000, true)).toBe(1000);
});
