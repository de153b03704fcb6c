import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitraryEvent } from '../../../../test/support/arbitrary-event.ts';
import { changed, strictEvent, withValue } from '../../test/sample-events.ts';
import { validateEvent } from '../validate/event.ts';
import { toCanonicalEvent } from './canonical-event.ts';
import { canonicalJson } from './canonical-json.ts';

const fold = (changes: Readonly<Record<string, unknown>>): unknown =>
  toCanonicalEvent(changed(strictEvent, changes));

test('an event of the standard is its own normal form', () => {
  expect(toCanonicalEvent(strictEvent)).toEqual(strictEvent);
  fc.assert(
    fc.property(arbitraryEvent, (event) => {
      const once = toCanonicalEvent(event);
      expect(toCanonicalEvent(once)).toEqual(once);
      expect(validateEvent(once, 'strict').filter((fault) => fault.severity === 'error')).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test('the argument is not changed', () => {
  const event = changed(strictEvent, { eventType: 'ACTIVITY', measurement: [{ result: 1 }] });
  const before = structuredClone(event);
  toCanonicalEvent(event);
  expect(event).toEqual(before);
});

test.each([
  ['eventTime', '2026-01-01T00:00:00.5+0200', '2026-01-01T00:00:00.5+02:00'],
  ['eventTime', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00+00:00'],
  ['eventTime', 'soon', 'soon'],
  ['eventType', ' ACTIVITY ', 'activity'],
  ['eventType', 'compliance', 'compliance'],
  ['action', 'UPDATE/Resize', 'update/resize'],
  ['action', 'created.project', 'created.project'],
  ['outcome', 'SUCCESS', 'success'],
  ['typeURI', 'https://schemas.dmtf.org/cloud/audit/1.0/event', strictEvent.typeURI],
  ['typeURI', 'http: //schemas.dmtf.org/cloud/audit/1.0/event', strictEvent.typeURI],
  ['typeURI', '', strictEvent.typeURI],
  ['typeURI', 'urn:other', 'urn:other'],
  ['id', 'openstack: 1c2f', 'openstack:1c2f'],
  ['id', ' x y ', 'x y'],
])('%s "%s" is written "%s"', (member, value, expected) => {
  expect(fold({ [member]: value })).toEqual(changed(strictEvent, { [member]: expected }));
});

test('aliases of members get the name of the standard, unless that is taken', () => {
  const measurement = [{ result: 1, metric: { metricId: 'm', unit: 's', annotations: { a: 'b' } } }];
  const written = [
    { result: 1, metric: { metricId: 'm', unit: 's', annotations: [{ key: 'a', value: 'b' }] } },
  ];
  expect(fold({ measurement })).toEqual(changed(strictEvent, { measurements: written }));
  const both = { measurement, measurements: written };
  expect(fold(both)).toEqual(changed(strictEvent, both));
  const reportersteps = [{ role: 'RELAY', reporterId: 'r', reporterTime: '2026-01-01T00:00:00Z' }];
  expect(fold({ reporterchain: undefined, reportersteps })).toMatchObject({
    reporterchain: [{ role: 'relay', reporterId: 'r', reporterTime: '2026-01-01T00:00:00+00:00' }],
  });
});

test('resources: type becomes typeURI, https and case are folded, slashes at the end cut', () => {
  const target = { id: ' t ', type: 'https://schemas.dmtf.org/cloud/audit/1.0/taxonomy/resource/data/file' };
  expect(fold({ target })).toMatchObject({
    target: { id: 't', typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/taxonomy/resource/data/file' },
  });
  expect(fold({ target: { id: 't', typeURI: 'Data/File/' } })).toMatchObject({
    target: { typeURI: 'data/file' },
  });
  const kept = { id: 't', typeURI: 'data/file', type: 'own meaning' };
  expect(fold({ target: kept })).toMatchObject({ target: kept });
});

test('attachments are written with contentType, or with typeURI for OpenStack readers', () => {
  const event = changed(strictEvent, { attachments: [{ typeURI: 'mime:x', content: 1, name: 'n' }] });
  expect(toCanonicalEvent(event)).toMatchObject({
    attachments: [{ contentType: 'mime:x', content: 1, name: 'n' }],
  });
  const back = toCanonicalEvent(toCanonicalEvent(event), { attachmentType: 'typeURI' });
  expect(back).toMatchObject({ attachments: [{ typeURI: 'mime:x' }] });
});

test('a reason code becomes text, nulls of standard members are left out, other members are kept', () => {
  const folded = fold({ reason: { reasonCode: 401, reasonType: 'HTTP' }, severity: null, project_id: null });
  expect(folded).toMatchObject({ reason: { reasonCode: '401', reasonType: 'HTTP' }, project_id: null });
  expect(folded).not.toHaveProperty('severity');
});

test('canonical JSON has the members in the order of the standard, others sorted behind', () => {
  const text = canonicalJson({
    zeta: { b: 1, a: [{ d: 1, c: 2 }] },
    outcome: 'success',
    id: 'x',
    alpha: 1,
    initiator: { typeURI: 'u', id: 'i' },
  });
  expect(text).toBe(
    '{"id":"x","outcome":"success","initiator":{"id":"i","typeURI":"u"},"alpha":1,"zeta":{"a":[{"c":2,"d":1}],"b":1}}',
  );
});

test('canonical JSON is the same for every order of members and loses nothing', () => {
  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([name, one]) => [name, shuffled(one)]),
    );
  };
  fc.assert(
    fc.property(arbitraryEvent, (event) => {
      const text = canonicalJson(event);
      expect(canonicalJson(shuffled(event))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(event)));
    }),
    { numRuns: 200 },
  );
});

test('members named like the prototype survive', () => {
  const event = JSON.parse('{"id":"x","__proto__":{"a":1},"target":{"__proto__":2}}') as Record<
    string,
    unknown
  >;
  expect(canonicalJson(event)).toBe('{"id":"x","target":{"__proto__":2},"__proto__":{"a":1}}');
  expect(canonicalJson(toCanonicalEvent(event))).toContain('"__proto__":{"a":1}');
});

test('a value nested past the bound is refused', () => {
  let deep: unknown = 1;
  for (let level = 0; level < 600; level++) deep = [deep];
  expect(() => canonicalJson({ deep })).toThrow(RangeError);
  expect(canonicalJson(withValue(strictEvent, '/attachments/0/content', [[[1]]]))).toContain('[[[1]]]');
});
