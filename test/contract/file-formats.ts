/** What every format of exported files keeps to, whatever its files look like. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import type { EventBatch, EventFacts, FileFormat } from '@cadf-pipeline/event-formats';
import { describe, expect, it } from 'vitest';
import { arbitraryEvent } from '../support/arbitrary-event.ts';
import { testEvent } from '../support/events.ts';

export interface FormatSuite {
  readonly format: FileFormat;
  /** The ids of the events of a whole file, in their order. Throws for what is no file of the format. */
  readonly ids: (file: Buffer) => readonly unknown[] | Promise<readonly unknown[]>;
  /** The events, for a format that keeps them whole. */
  readonly events?: (file: Buffer) => readonly unknown[] | Promise<readonly unknown[]>;
  /** Bytes that a file may hold in memory while it is written; default 8 MiB. */
  readonly holdsBytes?: number;
}

type Event = Readonly<Record<string, unknown>>;

/** A batch as the store gives it. */
export function batchOf(events: readonly Event[], firstOffset = 0): EventBatch {
  const facts = events.map((_, index): EventFacts => {
    const offset = firstOffset + index;
    return {
      source: `source-${offset % 3}`,
      receivedMs: Date.UTC(2026, 10, 1) + offset,
      partition: 2,
      offset,
    };
  });
  const lines = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  return { count: events.length, lines, facts: () => facts };
}

export async function writtenFile(format: FileFormat, batches: readonly EventBatch[]): Promise<Buffer> {
  const writer = format.open();
  const pieces: Buffer[] = [];
  // Copied: they are the caller's until the next call.
  for (const batch of batches) for (const piece of await writer.write(batch)) pieces.push(Buffer.from(piece));
  for (const piece of await writer.end()) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

/** What a format could take for its own, and what readers of files stumble over. */
const HOSTILE = [
  "=cmd|'/c calc'!A1",
  '"quoted", and\r\nmore lines\n',
  "'",
  'a|b=c\\d\te^f]g"h',
  'x\u0000\u0007\u001b[31m\u007f\u0085\u2028\u2029',
  '\ud800 half \udc00',
  '\ufffe\uffff\u{1f600}',
  ']]></cadf:event></cadf:events><!-- & &bomb; -->',
  '{"id":"not-this"}',
  'LEEF:2.0|a|b|c|d|x09|eventId=not-this\teventId=not-that externalId=not-this',
  'y'.repeat(70_000),
  '',
];

function hostileEvents(): Event[] {
  const asMembers = HOSTILE.map((text, index) =>
    testEvent({
      id: `hostile-${index}`,
      name: text,
      severity: text,
      action: text,
      outcome: text,
      eventTime: text,
      initiator: { id: text, typeURI: text, name: text, domain: text, host: { address: text, agent: text } },
      target: { id: text, typeURI: `data/security/account${text}`, name: text, addresses: [{ url: text }] },
      observer: { id: text, name: text },
      reason: { reasonCode: text, policyId: text },
      tags: [text, `//a/b?value=${text}`],
      attachments: [{ contentType: text, content: { [text]: [text, 1.5, null, true] }, name: text }],
      [text]: { [text]: text },
    }),
  );
  const typeURI = 'http://schemas.dmtf.org/cloud/audit/1.0/event';
  const odd: Event[] = [
    { typeURI, id: 'odd-1' },
    {
      typeURI,
      id: 'odd-2',
      action: 7,
      initiator: [],
      target: 'initiator',
      observer: { id: 'target' },
      tags: {},
      reason: null,
    },
    {
      typeURI,
      id: 'odd-3',
      initiatorId: 'i',
      targetId: 't',
      eventTime: false,
      outcome: ['success'],
      name: { a: 1 },
    },
  ];
  return [...asMembers, ...odd];
}

export function describeFileFormat(name: string, suite: FormatSuite): void {
  const { events: eventsOf, format, ids } = suite;

  async function expectEvents(batches: readonly (readonly Event[])[]): Promise<void> {
    let offset = 0;
    const given = batches.map((events) => {
      const batch = batchOf(events, offset);
      offset += events.length;
      return batch;
    });
    const file = await writtenFile(format, given);
    const all = batches.flat();
    expect(await ids(file)).toEqual(all.map(({ id }) => id));
    if (eventsOf === undefined) return;
    // As JSON says them: it has no -0.
    const found = await eventsOf(file);
    expect(found).toEqual(JSON.parse(JSON.stringify(all)));
  }

  describe(`files of ${name}`, () => {
    it('are whole without events, with one, and with those of many batches', async () => {
      await expectEvents([]);
      await expectEvents([[testEvent()]]);
      await expectEvents([1, 2, 700, 1, 40].map((count) => Array.from({ length: count }, () => testEvent())));
    });

    it('hold every event, whatever its texts and its form', async () => {
      const events = hostileEvents();
      await expectEvents([events.slice(0, 5), events.slice(5)]);
      for (const event of events) await expectEvents([[event]]);
    });

    it('hold any valid event', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(arbitraryEvent, { minLength: 1, maxLength: 4 }), { maxLength: 3 }),
          expectEvents,
        ),
        { numRuns: 20 },
      );
    });

    it('are written with memory that does not grow', async () => {
      const events = Array.from({ length: 1000 }, () => testEvent({ name: 'n'.repeat(2000) }));
      const batch = batchOf(events);
      const writer = format.open();
      const write = async (times: number): Promise<void> => {
        for (let time = 0; time < times; time++) await writer.write(batch);
      };
      await write(2);
      const before = memoryInUse();
      // 33 MB.
      await write(14);
      const grown = (): number => memoryInUse() - before;
      // Memory of buffers goes a while after the collection that found them unused.
      await expect.poll(grown, { interval: 20 }).toBeLessThan(suite.holdsBytes ?? 8 * 1024 * 1024);
      await writer.end();
    });
  });
}

function memoryInUse(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}
