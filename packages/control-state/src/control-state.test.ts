import type { EventStream } from '@cadf-pipeline/event-stream';
import { StreamError } from '@cadf-pipeline/event-stream';
import { expect, test } from 'vitest';

import { CONTROL_TOPIC, createControlState } from './control-state.ts';
import type { ApiKey, Tenant } from './entities.ts';
import { openTestStream, startTestState } from './control-state.test-support.ts';

const tenant = (id: string, name = `Tenant ${id}`): Tenant => ({ id, name });
const by = 'tester';
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );

test('a change is in force when it resolves, and is there again after a restart', async () => {
  const stream = await openTestStream();
  const first = await startTestState({ stream, now: () => 1_000_000 });
  const made = await first.state.change('tenant', 't/ü', tenant('t/ü'), { by, ifVersion: 0 });
  expect(made).toEqual({ entity: tenant('t/ü'), version: 1_000_000, changedMs: 1_000_000, changedBy: by });
  expect(first.state.get('tenant', 't/ü')).toEqual(made);
  const again = await first.state.change('tenant', 't/ü', tenant('t/ü', 'New'), {
    by,
    ifVersion: made!.version,
  });
  expect(again?.version).toBe(1_000_001);
  await first.state.change('tenant', 'other', tenant('other'), { by, ifVersion: 0 });
  await first.state.close();

  const second = await startTestState({ stream });
  expect(second.state.get('tenant', 't/ü')).toEqual(again);
  expect(second.state.list('tenant').map((thing) => thing.entity.id)).toEqual(['t/ü', 'other']);
  expect(second.state.get('source', 'other')).toBeUndefined();
});

test('another process sees a change, and its listeners hear of it', async () => {
  const stream = await openTestStream();
  const a = await startTestState({ stream });
  const b = await startTestState({ stream });
  const heard: unknown[] = [];
  b.state.onChange((kind, id, now) => heard.push([kind, id, now?.entity.id]));
  const made = await a.state.change('tenant', 't', tenant('t'), { by, ifVersion: 0 });
  await expect.poll(() => b.state.get('tenant', 't')).toEqual(made);
  await a.state.change('tenant', 't', null, { by, ifVersion: made!.version });
  await expect
    .poll(() => heard)
    .toEqual([
      ['tenant', 't', 't'],
      ['tenant', 't', undefined],
    ]);
});

test('a change from a version that is not in force is refused and changes nothing', async () => {
  const stream = await openTestStream();
  const { state } = await startTestState({ stream });
  const made = await state.change('tenant', 't', tenant('t'), { by, ifVersion: 0 });
  expect(await codeOf(state.change('tenant', 't', tenant('t', 'x'), { by, ifVersion: 0 }))).toBe(
    'CONTROL_EXISTS',
  );
  expect(await codeOf(state.change('tenant', 't', null, { by, ifVersion: 5 }))).toBe('CONTROL_CONFLICT');
  expect(await codeOf(state.change('tenant', 'gone', null, { by, ifVersion: 5 }))).toBe('CONTROL_CONFLICT');
  expect(state.get('tenant', 't')).toEqual(made);
});

test('of changes made at the same time by many processes exactly one wins, the same one everywhere, also after compaction', async () => {
  const stream = await openTestStream();
  const states = await Promise.all(Array.from({ length: 4 }, () => startTestState({ stream })));
  const made = await states[0]!.state.change('tenant', 't', tenant('t'), { by, ifVersion: 0 });
  for (const { state } of states)
    await expect.poll(() => state.get('tenant', 't')?.version).toBe(made!.version);
  const results = await Promise.all(
    states.map(({ state }, index) =>
      codeOf(
        state.change('tenant', 't', tenant('t', `by ${index}`), {
          by: `p${index}`,
          ifVersion: made!.version,
        }),
      ),
    ),
  );
  expect(results.filter((code) => code === 'CONTROL_CONFLICT')).toHaveLength(3);
  expect(results).toContain('no error');
  const winner = `by ${results.indexOf('no error')}`;
  await expect
    .poll(() => new Set(states.map(({ state }) => JSON.stringify(state.get('tenant', 't')))).size)
    .toBe(1);
  expect(states[0]!.state.get('tenant', 't')?.entity.name).toBe(winner);

  await stream.sweep();
  const late = await startTestState({ stream });
  expect(late.state.get('tenant', 't')?.entity.name).toBe(winner);
});

test('a late record of a process that died is ignored by all, and written over at the next start', async () => {
  const stream = await openTestStream();
  const a = await startTestState({ stream });
  const made = await a.state.change('tenant', 't', tenant('t'), { by, ifVersion: 0 });
  const changed = await a.state.change('tenant', 't', tenant('t', 'right'), { by, ifVersion: made!.version });
  // What a process writes that had read only the first version and ends before it reads its record back.
  await stream.append(CONTROL_TOPIC.name, {
    records: [
      {
        key: 'tenant:t',
        value: Buffer.from(JSON.stringify({ ...changed, entity: tenant('t', 'wrong') })),
        headers: { 'cadf-base': String(made!.version) },
      },
    ],
  });
  await a.state.change('tenant', 'other', tenant('other'), { by, ifVersion: 0 });
  expect(a.state.get('tenant', 't')?.entity.name).toBe('right');
  await startTestState({ stream });
  await stream.sweep();
  const c = await startTestState({ stream });
  expect(c.state.get('tenant', 't')?.entity.name).toBe('right');
});

test('a change that races with a deletion does not bring the thing back; a new creation does', async () => {
  const stream = await openTestStream();
  const { state } = await startTestState({ stream, now: () => 5 });
  const made = await state.change('tenant', 't', tenant('t'), { by, ifVersion: 0 });
  await state.change('tenant', 't', null, { by, ifVersion: made!.version });
  await stream.append(CONTROL_TOPIC.name, {
    records: [
      {
        key: 'tenant:t',
        value: Buffer.from(JSON.stringify({ ...made, version: 6 })),
        headers: { 'cadf-base': String(made!.version) },
      },
    ],
  });
  await state.change('tenant', 'other', tenant('other'), { by, ifVersion: 0 });
  expect(state.get('tenant', 't')).toBeUndefined();
  const again = await startTestState({ stream });
  expect(again.state.get('tenant', 't')).toBeUndefined();
  const created = await state.change('tenant', 't', tenant('t', 'new'), { by, ifVersion: 0 });
  expect(created!.version).toBeGreaterThan(made!.version);
});

test('a record that cannot be read is reported, removes the thing, and stops nothing', async () => {
  const stream = await openTestStream();
  const { state, warnings } = await startTestState({ stream });
  const key: ApiKey = {
    id: 'abc',
    name: 'x',
    hash: 'a'.repeat(64),
    roles: ['query'],
    tenants: '*',
    created: '2026-01-01T00:00:00Z',
  };
  await state.change('key', 'abc', key, { by, ifVersion: 0 });
  const bad: readonly (readonly [string, string])[] = [
    ['key:abc', '{"not json'],
    ['key:abc', '{"version":1,"changedMs":1,"changedBy":"x","entity":{"id":"abc","roles":["root"]}}'],
    ['tenant:t', '{"version":1,"changedMs":1,"changedBy":"x","entity":{"id":"other","name":"x"}}'],
    ['tenant:t', '[]'],
    ['invention:s', 'of a later version'],
    ['nonsense', '\u0000'],
  ];
  for (const [recordKey, text] of bad) {
    await stream.append(CONTROL_TOPIC.name, { records: [{ key: recordKey, value: Buffer.from(text) }] });
  }
  await state.change('tenant', 'good', tenant('good'), { by, ifVersion: 0 });
  expect(state.get('key', 'abc')).toBeUndefined();
  expect(state.get('tenant', 't')).toBeUndefined();
  expect(state.get('tenant', 'good')).toBeDefined();
  expect(warnings).toHaveLength(4);
  expect(warnings[3]).toMatchObject({ key: 'tenant:t' });
  expect(state.health()).toEqual({ ok: true, reason: '' });
});

test('members that a newer version wrote are kept and do not make a record unreadable', async () => {
  const stream = await openTestStream();
  const { state } = await startTestState({ stream });
  const text = '{"version":1,"changedMs":1,"changedBy":"x","entity":{"id":"t","name":"T","colour":"red"}}';
  await stream.append(CONTROL_TOPIC.name, { records: [{ key: 'tenant:t', value: Buffer.from(text) }] });
  await expect.poll(() => state.get('tenant', 't')?.entity).toEqual({ id: 't', name: 'T', colour: 'red' });
});

test('what does not fit is refused before it is written, with the places', async () => {
  const stream = await openTestStream();
  const { state } = await startTestState({ stream });
  const change = state.change('tenant', '*', tenant('*', ''), { by, ifVersion: 0 });
  await expect(change).rejects.toMatchObject({ code: 'CONTROL_INVALID', statusCode: 422 });
  await expect(change).rejects.toThrow('/entity/id');
  const bounds = await stream.bounds(CONTROL_TOPIC.name);
  expect(bounds.get(0)?.next).toBe(0);
});

test('the stream failing to take a change leaves the state as it was; reading on is tried again', async () => {
  const stream = await openTestStream();
  let broken = false;
  const faulty: EventStream = {
    ...stream,
    append: (...given) =>
      broken ? Promise.reject(new StreamError('STREAM_UNAVAILABLE', 'away')) : stream.append(...given),
    read: async function* (topic, options) {
      for await (const batch of stream.read(topic, options)) {
        if (broken) throw new StreamError('STREAM_UNAVAILABLE', 'away');
        yield batch;
      }
      if (broken) throw new StreamError('STREAM_UNAVAILABLE', 'away');
    },
  };
  const { state } = await startTestState({ stream: faulty, retryMs: 5 });
  const other = await startTestState({ stream });
  broken = true;
  expect(await codeOf(state.change('tenant', 't', tenant('t'), { by, ifVersion: 0 }))).toBe(
    'STREAM_UNAVAILABLE',
  );
  await other.state.change('tenant', 'u', tenant('u'), { by, ifVersion: 0 });
  await expect.poll(() => state.health().ok).toBe(false);
  expect(state.health().reason).toContain('away');
  broken = false;
  await expect.poll(() => state.get('tenant', 'u')?.entity.name).toBe('Tenant u');
  await expect.poll(() => state.health().ok).toBe(true);
  await state.change('tenant', 't', tenant('t'), { by, ifVersion: 0 });
});

test('it is not healthy before it has read everything, and start passes on that the stream does not answer', async () => {
  const stream = await openTestStream();
  const state = createControlState({ stream, logger: { warn: () => undefined } });
  expect(state.health().ok).toBe(false);
  await stream.close();
  await expect(state.start()).rejects.toMatchObject({ code: 'STREAM_CLOSED' });
  await state.close();
});
