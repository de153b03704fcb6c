/** What verifying a chain and redacting events cost, in one thread of this process. */
import { join } from 'node:path';
import { directoryReader, publicKeyOf, trustKeys, verifyPlace } from '@cadf-pipeline/federation';
import { compileRedaction, createRedactionKey } from '@cadf-pipeline/redaction';
import type { RedactionRules } from '@cadf-pipeline/redaction';
import { ISSUER, KEY_ONE, makeChain, writePlace } from '../../packages/federation/src/chain.test-support.ts';
import { createEventGenerator } from './openstack-events.ts';
import { printSection } from './report.ts';
import type { Figure } from './report.ts';

/** Each acts on every event; the third has to look for copies. */
export const FIVE_RULES: RedactionRules = [
  { id: 'users', action: 'hash', paths: ['initiator/id'] },
  { id: 'names', action: 'hash', paths: ['initiator/name'] },
  { id: 'requests', action: 'mask', paths: ['initiator/request_id'] },
  { id: 'addresses', action: 'generalise', paths: ['initiator/host/address'] },
  { id: 'agents', action: 'remove', paths: ['initiator/host/agent', 'initiator/credential'] },
];

const SEGMENTS = 5;
const REDACTED_EVENTS = 5000;
const ROUNDS = 5;

export type Packing = 'none' | 'gzip' | 'zstd';

/** A chain of five segments in a folder of its own. Answers the events in it. */
export async function writeChain(folder: string, events: number, packing: Packing): Promise<number> {
  const generator = createEventGenerator(3);
  const each = Math.floor(events / SEGMENTS);
  const segments = Array.from({ length: SEGMENTS }, () => ({
    files: [
      {
        events: Array.from({ length: each }, () => generator.next()),
        ...(packing === 'none' ? {} : { compression: packing }),
      },
    ],
  }));
  writePlace(await makeChain(segments, { blockLines: 1000 }), folder);
  return each * SEGMENTS;
}

export async function benchVerify(temporary: string, wanted: number): Promise<void> {
  const keys = await trustKeys([publicKeyOf(KEY_ONE)], ISSUER);
  const figures: Figure[] = [];
  for (const packing of ['none', 'zstd', 'gzip'] as const) {
    const folder = join(temporary, `chain-${packing}`);
    const events = await writeChain(folder, wanted, packing);
    const cpu = process.cpuUsage();
    const started = performance.now();
    const report = await verifyPlace(directoryReader(folder), { keys });
    const seconds = (performance.now() - started) / 1000;
    const { system, user } = process.cpuUsage(cpu);
    if (report.fault !== undefined) throw new Error(report.fault.message);
    const name = packing === 'none' ? 'plain' : packing;
    figures.push(
      { question: `${name}: verified`, value: events / seconds, unit: 'events/s' },
      { question: `${name}: of a second of CPU`, value: events / ((user + system) / 1e6), unit: 'events' },
    );
  }
  printSection(
    'Verify',
    `${wanted.toLocaleString('en-US')} events of 1.2 KB in ${SEGMENTS} signed segments, from a directory.`,
    figures,
  );
}

export function benchRedaction(): void {
  const generator = createEventGenerator(4);
  const texts = Array.from({ length: REDACTED_EVENTS }, () => generator.next());
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const redaction = compileRedaction(FIVE_RULES, createRedactionKey());
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const cpu = process.cpuUsage();
    for (const text of texts) {
      const outcome = redaction.redact(text);
      if (!outcome.ok) throw new Error(outcome.message);
    }
    best = Math.min(best, process.cpuUsage(cpu).user / 1e6);
  }
  printSection(
    'Redaction',
    `${FIVE_RULES.length} rules that act on each of ${REDACTED_EVENTS} events of 1.2 KB; one thread, best of ${ROUNDS} rounds, by CPU time.`,
    [
      { question: 'five rules', value: bytes / 1e6 / best, unit: 'MB/s' },
      { question: 'five rules', value: texts.length / best, unit: 'events/s' },
    ],
  );
}
