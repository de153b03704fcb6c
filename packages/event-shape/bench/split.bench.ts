/** Run: `node packages/event-shape/bench/split.bench.ts`. Figures are the best of five passes over the same events, one thread. */
import { createShapeSplitter, joinShape, stripUuidHyphens } from '../src/index.ts';
import type { Split } from '../src/index.ts';
import { flat, hostileTexts } from './hostile-texts.ts';
import { createEventSource } from './openstack-events.ts';
import { withReferences } from './references.ts';
import { createColumns, storedBytes } from './stored-size.ts';

const EVENTS = 60_000;
const COLUMNS = [
  '/id',
  '/eventTime',
  '/eventType',
  '/action',
  '/outcome',
  '/initiator/id',
  '/initiator/name',
  '/initiator/typeURI',
  '/initiator/host/address',
  '/initiator/project_id',
  '/target/id',
  '/target/name',
  '/target/typeURI',
  '/observer/id',
  '/observer/typeURI',
  '/reason/reasonCode',
];

const columnSet = new Set(COLUMNS);
const next = createEventSource(1);
const events = Array.from({ length: EVENTS }, () => flat(next()));
const meanLength = events.reduce((sum, event) => sum + event.length, 0) / EVENTS;

print(
  `Events: ${EVENTS}, ${meanLength.toFixed(0)} B each, five services, two forms each, 200 users, 50 projects, random order.`,
);

print('\nQuestion: what does a split cost beside a parse? Unit: ns per event, warm.');
report(
  'JSON.parse',
  perEvent(events, (event) => void JSON.parse(event)),
);
const splitter = createShapeSplitter({ columnPointers: COLUMNS });
report(
  'split',
  perEvent(events, (event) => void splitter.split(event)),
);
const plain = createShapeSplitter();
report(
  'split, no columns named',
  perEvent(events, (event) => void plain.split(event)),
);
const splits = events.map((event) => splitter.split(event)).filter((split) => split !== undefined);
report(
  'join the text',
  perEvent(splits, ({ shape, values }) => joinShape(shape, values).charCodeAt(0)),
);
const rests = splits.map(restOf);
report(
  'strip the hyphens of UUIDs',
  perEvent(rests, (rest) => void stripUuidHyphens(rest, '\u001d')),
);

print(
  '\nQuestion: how fast does a new splitter learn? Unit: share of events split, and ns per event, by thousands.',
);
const learner = createShapeSplitter({ columnPointers: COLUMNS });
for (const from of [0, 1000, 2000, 5000, 20_000]) {
  const part = events.slice(from, from + 1000);
  let hits = 0;
  const start = process.hrtime.bigint();
  for (const event of part) if (learner.split(event) !== undefined) hits++;
  report(
    `events ${from} to ${from + 1000}: ${((hits * 100) / part.length).toFixed(1)} %`,
    Number(process.hrtime.bigint() - start) / part.length,
  );
}

print(
  '\nQuestion: what do texts cost that cannot be split? Unit: ns per text (share split), mean of four passes, new splitter.',
);
for (const [name, texts] of hostileTexts(events.slice(0, 40_000))) {
  const target = createShapeSplitter({ columnPointers: COLUMNS });
  let hits = 0;
  const start = process.hrtime.bigint();
  for (let pass = 0; pass < 4; pass++) for (const text of texts) if (target.split(text) !== undefined) hits++;
  report(
    `${name} (${((hits * 25) / texts.length).toFixed(1)} %)`,
    Number(process.hrtime.bigint() - start) / (4 * texts.length),
  );
}

print(
  '\nQuestion: what does an event take up? Unit: bytes per event after Zstandard level 1, 64 KiB blocks, one file per column.',
);
report('whole text', storedBytes(events) / EVENTS);
sizes('split, rest joined by U+001F', splits, restOf);
const referring = splits.map((split) => withReferences(split, columnSet));
sizes('the same with references to other values', referring, restOf);
sizes('the same with UUIDs without hyphens', referring, (split) => stripUuidHyphens(restOf(split), '\u001d'));
const shapes = new Map(splits.map(({ shape }) => [shape.id, shape]));
let shapeCharacters = 0;
for (const shape of shapes.values()) for (const piece of shape.pieces) shapeCharacters += piece.length;
report(`shapes (${shapes.size}), once for all events: characters`, shapeCharacters);

function sizes(name: string, from: readonly Split[], rest: (split: Split) => string): void {
  const columns = createColumns();
  for (const split of from) {
    columns.add('shape', split.shape.id);
    columns.add('rest', rest(split));
    split.shape.holes.forEach((pointer, hole) => {
      if (COLUMNS.includes(pointer)) columns.add(pointer, split.values[hole] ?? '');
    });
  }
  const bytes = columns.bytes();
  report(name, Array.from(bytes.values()).reduce((sum, size) => sum + size, 0) / from.length);
  print(
    `    ${Array.from(bytes, ([column, size]) => `${column} ${(size / from.length).toFixed(1)}`).join(', ')}`,
  );
}

function restOf(split: Split): string {
  let rest = '';
  for (let hole = 0; hole < split.values.length; hole++) {
    if (!columnSet.has(split.shape.holes[hole] ?? '')) rest += `${split.values[hole]}\u001f`;
  }
  return rest;
}

function perEvent<T>(items: readonly T[], work: (item: T) => void): number {
  let best = Infinity;
  for (let pass = 0; pass < 5; pass++) {
    const start = process.hrtime.bigint();
    for (const item of items) work(item);
    best = Math.min(best, Number(process.hrtime.bigint() - start) / items.length);
  }
  return best;
}

function report(name: string, figure: number): void {
  print(`  ${name.padEnd(60)} ${figure.toFixed(figure < 1000 ? 1 : 0).padStart(9)}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
