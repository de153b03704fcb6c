import { CloudEvent, HTTP } from 'cloudevents';
import type { CloudEventV1, Headers } from 'cloudevents';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryEventText } from '../../../../test/support/arbitrary-event-text.ts';
import { cloudEventAttributes, toCloudEvent, toCloudEventBatch } from './cloud-event.ts';

const NOVA = {
  typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
  id: '0d5f1f6e-3b1a-4c55-9a30-000000000004',
  eventType: 'activity',
  eventTime: '2026-11-20T19:02:58.001+0000',
  action: 'create',
  outcome: 'pending',
  initiator: { id: 'user-1', typeURI: 'data/security/account/user' },
  target: { id: 'server-1', typeURI: 'compute/machine' },
  observer: { id: 'target' },
};

type Carried = Parameters<typeof toCloudEvent>[0];

function carry(event: unknown, more: Partial<Carried> = {}): Carried {
  const text = Buffer.from(JSON.stringify(event));
  return { partition: 3, offset: 17, receivedMs: 1_795_201_379_123, source: 'nova', text, event, ...more };
}

/** What the SDK, which checks against the schema of the specification, makes of a request; throws where it is none. */
function read(body: Buffer, contentType: string): readonly CloudEventV1<unknown>[] {
  const headers: Headers = { 'content-type': contentType };
  const read = HTTP.toEvent<unknown>({ headers, body: body.toString() });
  const events = Array.isArray(read) ? read : [read];
  for (const event of events) new CloudEvent({ ...event }, true).validate();
  return events;
}

const SINGLE = 'application/cloudevents+json; charset=utf-8';
const BATCH = 'application/cloudevents-batch+json; charset=utf-8';

const anyEventText = fc
  .tuple(
    arbitraryEventText,
    fc.oneof(fc.uuid(), fc.constantFrom('target', '', 'ü😀', 'a/b c', 'x'.repeat(600))),
  )
  .map(([write, id]) => write(id));

describe('an event as a CloudEvent', () => {
  test('has the attributes of the mapping', () => {
    expect(cloudEventAttributes(carry(NOVA))).toEqual({
      specversion: '1.0',
      id: expect.stringMatching(/^0d5f1f6e-3b1a-4c55-9a30-000000000004:[0-9a-f]{16}$/),
      source: '/cadf/v1/sources/nova',
      type: 'org.dmtf.cadf.activity',
      datacontenttype: 'application/json',
      dataschema: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
      subject: 'server-1',
      time: '2026-11-20T19:02:58.001+00:00',
      cadfid: '0d5f1f6e-3b1a-4c55-9a30-000000000004',
      cadfsource: 'nova',
      cadfaction: 'create',
      cadfoutcome: 'pending',
      cadfinitiator: 'user-1',
      cadfobserver: 'server-1',
      cadfreceived: '2026-11-20T19:02:59.123Z',
      cadfposition: '3.17',
    });
  });

  test('is read by the SDK, alone and in a batch, with the event as its data', () => {
    const [alone] = read(toCloudEvent(carry(NOVA)), SINGLE);
    expect(alone).toMatchObject({ subject: 'server-1', data: NOVA });
    const batch = read(toCloudEventBatch([carry(NOVA), carry({ ...NOVA, outcome: 'success' })]), BATCH);
    expect(batch.map(({ data }) => data)).toEqual([NOVA, { ...NOVA, outcome: 'success' }]);
    expect(read(toCloudEventBatch([carry(NOVA)]), BATCH)).toHaveLength(1);
  });

  test('holds the text byte for byte', () => {
    const text = Buffer.from('{ "typeURI":"x",\n "n": 1.0e2, "u":"\\u00e4" }');
    expect(toCloudEvent(carry({}, { text })).includes(text)).toBe(true);
  });

  test('each version of an event has its own id, and the same whenever it is sent', () => {
    const ids = [NOVA, { ...NOVA, outcome: 'success' }, NOVA].map(
      (event) => cloudEventAttributes(carry(event)).id,
    );
    expect(ids[0]).not.toBe(ids[1]);
    expect(ids[0]).toBe(ids[2]);
  });

  test('leaves out what the event says nothing usable for', () => {
    const { id, source, type, ...rest } = cloudEventAttributes(
      carry({
        id: 'a\u0000b',
        eventType: 'party',
        eventTime: 'yesterday',
        action: 7,
        target: 'x',
        initiatorId: 'me',
      }),
    );
    expect([id.length, source, type]).toEqual([16, '/cadf/v1/sources/nova', 'org.dmtf.cadf.event']);
    expect(rest).toMatchObject({ cadfinitiator: 'me' });
    for (const name of ['subject', 'time', 'cadfid', 'cadfaction', 'cadfoutcome', 'cadfobserver'])
      expect(rest).not.toHaveProperty(name);
    const long = cloudEventAttributes(carry({ ...NOVA, target: { id: 'x'.repeat(513) } }));
    expect(long).not.toHaveProperty('subject');
  });

  test.each([
    ['2026-11-20T19:02:58Z', '2026-11-20T19:02:58+00:00'],
    ['2026-11-20 19:02:58.123456 UTC', '2026-11-20T19:02:58.123456+00:00'],
    ['2026-11-20T24:00:00+00:00', undefined],
    ['2016-12-31T23:59:60+00:00', undefined],
  ])('the time %s is told as %s', (eventTime, time) => {
    expect(cloudEventAttributes(carry({ ...NOVA, eventTime })).time).toBe(time);
  });

  test('the source is a valid URI reference whatever its name', () => {
    const [read1] = read(toCloudEvent(carry(NOVA, { source: 'a b/ü?#%' })), SINGLE);
    expect(read1?.source).toBe('/cadf/v1/sources/a%20b%2F%C3%BC%3F%23%25');
  });

  test('whatever the event is, the SDK reads it and gives it back', () => {
    fc.assert(
      fc.property(fc.array(anyEventText, { minLength: 1, maxLength: 3 }), (texts) => {
        const parsed = texts.map((text): unknown => JSON.parse(text));
        const carried = parsed.map((event, index) => carry(event, { text: Buffer.from(texts[index] ?? '') }));
        expect(read(toCloudEventBatch(carried), BATCH).map(({ data }) => data)).toEqual(parsed);
      }),
      { numRuns: 300 },
    );
  });
});
