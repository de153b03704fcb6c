/** docs/cli.md: a file gets from `cadf validate` the verdict it would get when it is submitted. */
import { profileNames, validateEvent, isValid } from '@cadf-pipeline/cadf-model';
import { ProblemError } from '@cadf-pipeline/service-kit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkDocument } from '../packages/cli/src/validate/check-document.ts';
import { checkLines } from '../packages/cli/src/validate/check-lines.ts';
import { readBody } from '../services/ingest/src/body/read-body.ts';
import { testEvent } from './support/events.ts';

const limits = {
  maxBodyBytes: 16 * 1024 ** 2,
  maxUnpackedBytes: 64 * 1024 ** 2,
  maxEventBytes: 1024 ** 2,
  maxEvents: 10_000,
  maxDepth: 64,
};

/** How many events a text holds and how many of them intake takes; none when it refuses the whole. */
function intake(
  type: string,
  text: string,
  profile: (typeof profileNames)[number],
): readonly [number, number] {
  try {
    const items = [...readBody({ type, charset: 'utf-8' }, Buffer.from(text), limits)];
    const taken = items.filter((item) => item.readable && isValid(validateEvent(item.value, profile)));
    return [items.length, taken.length];
  } catch (error) {
    if (error instanceof ProblemError) return [Number.NaN, 0];
    throw error;
  }
}

const events = fc
  .array(
    fc.tuple(
      fc.constantFrom(...Object.keys(testEvent()), 'x'),
      fc.oneof(fc.jsonValue(), fc.constant(undefined)),
    ),
    { maxLength: 3 },
  )
  .map((changes) => testEvent(Object.fromEntries(changes)));
const profiles = fc.constantFrom(...profileNames);

test('documents: an event, a list, a Log, an envelope', () => {
  const documents = fc.oneof(
    events,
    fc.array(events, { maxLength: 4 }),
    fc.array(events, { maxLength: 3 }).map((some) => ({
      typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/log',
      events: some,
    })),
    events.map((payload) => ({ event_type: 'audit.http.request', payload })),
    events.map((data) => ({ specversion: '1.0', id: '1', source: '/x', type: 'y', data })),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(documents, profiles, (document, profile) => {
      const text = JSON.stringify(document);
      const [found, taken] = intake('application/json', text, profile);
      const checked = checkDocument(Buffer.from(text), 'json', profile);
      expect(checked.valid).toBe(taken);
      if (!Number.isNaN(found)) expect(checked.events).toBe(found);
    }),
    { numRuns: 300 },
  );
});

test('NDJSON, some lines damaged', async () => {
  const lines = fc.array(
    fc.oneof(
      events.map((event) => JSON.stringify(event)),
      events.map((event) => JSON.stringify(event).slice(0, -2)),
      fc.constantFrom('', ' ', '{}', '[]', 'null', '{"id":"1","eventTime":"x"}'),
    ),
    { minLength: 1, maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(lines, profiles, async (some, profile) => {
      const text = some.join('\n');
      const [found, taken] = intake('application/x-ndjson', text, profile);
      let [checkedEvents, valid] = [0, 0];
      const bytes = (async function* () {
        yield Buffer.from(text);
      })();
      for await (const checked of checkLines(bytes, profile)) {
        checkedEvents += checked.events;
        valid += checked.valid;
      }
      expect(valid).toBe(taken);
      if (!Number.isNaN(found)) expect(checkedEvents).toBe(found);
    }),
    { numRuns: 300 },
  );
});
