import { validateEvent } from '@cadf-pipeline/cadf-model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RawRecord } from '../source.ts';
import { createSourceEvents, digestOf, observedState, recordAttachment } from './event-draft.ts';
import type { EventDraft } from './event-draft.ts';
import { exactTime, guessedTime } from './event-time.ts';
import { qualifiedId, resource, service, unknownInitiator, user } from './resources.ts';

const events = createSourceEvents('demo', 'https://example.org/codes');
const record: RawRecord = { text: 'the record', receivedMs: 1 };
const draft: EventDraft = {
  identity: ['h1', '7'],
  time: exactTime(1_795_201_399_184),
  action: 'start/reboot',
  outcome: 'success',
  initiator: user({ scope: 'h1', name: 'alice', address: '192.0.2.7' }),
  target: resource('compute/machine', qualifiedId('h1', 'vm 1'), 'vm 1'),
  observer: service('h1', 'demod'),
  name: 'Reboot',
};

test('a draft becomes an event by the letter of the standard', () => {
  const made = events.make([record], draft);
  expect(validateEvent(made, 'strict')).toEqual([]);
  expect(made).toMatchObject({
    eventType: 'activity',
    eventTime: '2026-11-20T19:03:19.184+00:00',
    action: 'start/reboot',
    reason: { reasonType: 'https://example.org/codes', reasonCode: 'Reboot' },
    attachments: [{ name: 'record', content: 'the record' }],
  });
  expect(made).not.toHaveProperty('tags');
});

test('a record without words of its own still has a reason', () => {
  const made = events.make([record], { ...draft, name: '', reasonCode: '' });
  expect(made.reason).toMatchObject({ reasonCode: 'start/reboot' });
  expect(validateEvent(made, 'strict')).toEqual([]);
});

test('the id is that of the identity, whatever else is in the draft', () => {
  const { id } = events.make([record], draft);
  expect(events.make([{ ...record, receivedMs: 9, position: 'x' }], { ...draft, name: 'Other' }).id).toBe(id);
  expect(events.make([record], { ...draft, identity: ['h1', '8'] }).id).not.toBe(id);
  expect(events.make([record], { ...draft, identity: ['h17'] }).id).not.toBe(id);
  expect(createSourceEvents('other', 'x').make([record], draft).id).not.toBe(id);
});

test.each([
  ['allow', undefined, 'control'],
  ['deny/x', undefined, 'control'],
  ['allowance', undefined, 'activity'],
  ['monitor', [observedState('state', 'on')], 'monitor'],
  ['stop/crash', [observedState('state', 'off')], 'monitor'],
  ['start', [], 'activity'],
] as const)('%s with %j is of type %s', (action, measurements, eventType) => {
  const made = events.make([record], {
    ...draft,
    action,
    ...(measurements === undefined ? {} : { measurements }),
  });
  expect(made.eventType).toBe(eventType);
});

test('what was guessed, the operation and more become tags', () => {
  const made = events.make([record, { text: 'before', receivedMs: 1 }], {
    ...draft,
    time: guessedTime(0, 'year'),
    operation: 'UPID:a b/é',
    tags: [events.tag('x', '1')],
  });
  expect(made.tags).toEqual([
    '//demo/event-time?value=guessed-year',
    '//demo/operation?value=UPID%3Aa%20b%2F%C3%A9',
    '//demo/x?value=1',
  ]);
  expect(made.attachments?.map(({ name }) => name)).toEqual(['record', 'related-record']);
  expect(validateEvent(made, 'strict')).toEqual([]);
});

test('bytes that are no text are attached as Base64', () => {
  const bytes = Buffer.from([0x61, 0xff]);
  expect(recordAttachment({ ...record, bytes })).toMatchObject({
    contentType: expect.stringContaining('application/octet-stream'),
    content: bytes.toString('base64'),
  });
});

test('any text is taken for names and ids, and the event is still one', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1 }),
    fc.string({ minLength: 1, maxLength: 3000 }),
  );
  fc.assert(
    fc.property(text, text, (name, other) => {
      const made = events.make([record], {
        ...draft,
        identity: [name],
        name,
        operation: other,
        reasonCode: other,
        initiator: user({ scope: other, name, agent: other }),
        target: resource('compute/machine', qualifiedId(name, other), name),
        observer: service(other, name),
      });
      expect(JSON.parse(JSON.stringify(made))).toEqual(made);
      expect(validateEvent(made, 'strict')).toEqual([]);
      expect(JSON.stringify(made).isWellFormed()).toBe(true);
      expect(JSON.stringify(made)).not.toMatch(/\\ud[89a-f]/i);
    }),
    { numRuns: 40 },
  );
  expect(events.make([record], { ...draft, name: `${'a'.repeat(1023)}😀` }).name).toBe(
    `${'a'.repeat(1023)}\uFFFD`,
  );
  expect(digestOf('\ud800')).toBe(digestOf('\uFFFD'));
});

test('nobody known is nobody, with the address where there is one', () => {
  expect(unknownInitiator()).toEqual({ id: 'unknown', typeURI: 'unknown' });
  expect(unknownInitiator('192.0.2.1')).toMatchObject({ id: 'unknown', host: { address: '192.0.2.1' } });
});
