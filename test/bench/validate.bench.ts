/**
 * Question: how many events can one core check, and what do the other steps of the model cost per event?
 * Run: `node test/bench/validate.bench.ts`. Not part of `npm test`.
 */
import {
  canonicalJson,
  checkJsonDepth,
  decodeXml,
  encodeXml,
  parseTimestamp,
  timestampMs,
  toCanonicalEvent,
  unwrapDocument,
  validateEvent,
} from '@cadf-pipeline/cadf-model';
import type { Members } from '@cadf-pipeline/cadf-model';
import { createEventGenerator } from './openstack-events.ts';

const EVENTS = 5_000;
const ROUNDS = 7;
const SECONDS_PER_ROUND = 0.4;

const generator = createEventGenerator(1);
const texts = Array.from({ length: EVENTS }, () => generator.next());
const events = texts.map((text) => JSON.parse(text) as Members);
const times = events.map((event) => String(event['eventTime']));
const xml = events.slice(0, 200).map((event) => encodeXml(event));
let sink = 0;

/** Best of the rounds, in nanoseconds of this process's user CPU time per call. */
function measure(count: number, run: (index: number) => number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.cpuUsage();
    let calls = 0;
    let spentUs = 0;
    while (spentUs < SECONDS_PER_ROUND * 1e6) {
      for (let index = 0; index < count; index++) sink += run(index);
      calls += count;
      spentUs = process.cpuUsage(start).user;
    }
    best = Math.min(best, (spentUs * 1000) / calls);
  }
  return best;
}

const at = <T>(list: readonly T[], index: number): T => list[index] as T;
const meanBytes = Math.round(texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / EVENTS);
const faults = events.reduce((sum, event) => sum + validateEvent(event, 'openstack').length, 0);
if (faults > 0)
  throw new Error(`the bench's events have ${faults} faults: the figures would be of another path`);

const rows: readonly (readonly [string, number])[] = [
  [
    'validateEvent, openstack, no faults',
    measure(EVENTS, (i) => validateEvent(at(events, i), 'openstack').length),
  ],
  [
    'validateEvent, lenient, with warnings',
    measure(EVENTS, (i) => validateEvent(at(events, i), 'lenient').length),
  ],
  ['parseTimestamp', measure(EVENTS, (i) => parseTimestamp(at(times, i))?.epochMs ?? 0)],
  ['timestampMs', measure(EVENTS, (i) => timestampMs(at(times, i)))],
  ['checkJsonDepth', measure(EVENTS, (i) => (checkJsonDepth(at(texts, i)) ? 1 : 0))],
  ['unwrapDocument', measure(EVENTS, (i) => unwrapDocument(at(events, i)).items.length)],
  ['JSON.parse, for comparison', measure(EVENTS, (i) => (JSON.parse(at(texts, i)) === null ? 1 : 0))],
  ['toCanonicalEvent', measure(EVENTS, (i) => (toCanonicalEvent(at(events, i))['id'] === '' ? 1 : 0))],
  ['canonicalJson', measure(EVENTS, (i) => canonicalJson(at(events, i)).length)],
  ['encodeXml', measure(EVENTS, (i) => encodeXml(at(events, i)).length)],
  ['decodeXml', measure(xml.length, (i) => decodeXml(at(xml, i)).events.length)],
];

console.log('Question: what does one OpenStack event cost in the CADF model?');
console.log(`Unit: ns of user CPU per event of ${meanBytes} B (and thousands of events per CPU second).`);
console.log(
  `Method: ${EVENTS} distinct events, parsed before; best of ${ROUNDS} rounds of ${SECONDS_PER_ROUND} s; Node ${process.version}.`,
);
for (const [name, ns] of rows) {
  console.log(`${name.padEnd(40)}${ns.toFixed(0).padStart(8)} ns${(1e6 / ns).toFixed(0).padStart(8)} k/s`);
}
if (sink === 0) throw new Error('nothing was measured');
