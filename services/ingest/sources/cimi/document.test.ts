import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fold, listOf, readDocument, referenceOf } from './document.ts';
import { createNormalizer } from './normalizer.ts';
import { resourcesOf } from './resources.ts';

const RECEIVED_MS = 1_795_219_200_000;

test('any text ends in an outcome, never in an exception', () => {
  const normalizer = createNormalizer({ sourceName: 'test' });
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.json({ maxDepth: 6 }),
    fc
      .dictionary(
        fc.constantFrom(
          'id',
          'state',
          'type',
          'content',
          'action',
          'jobs',
          'targetResource',
          'timestamp',
          'acl',
        ),
        fc.jsonValue({ maxDepth: 4 }),
      )
      .map((members) =>
        JSON.stringify({ resourceURI: 'http://schemas.dmtf.org/cimi/1/JobCollection', ...members }),
      ),
    fc
      .string({ maxLength: 100 })
      .map((text) => `<Job xmlns="http://schemas.dmtf.org/cimi/1"><id>${text}</id></Job>`),
  );
  fc.assert(
    fc.property(anything, (text) => {
      const record = { text, receivedMs: RECEIVED_MS };
      expect(normalizer.push(record).flatMap(({ records }) => records)).toEqual([record]);
    }),
  );
});

test('XML of both versions and JSON are the same resource', () => {
  const texts = [
    '{"resourceURI":"http://schemas.dmtf.org/cimi/1/Job","affectedResources":[{"href":"a"},"b"],"properties":{"k":"v"}}',
    '<Job><affectedResource href="a"/><affectedResource><href> b </href></affectedResource><property key="k">v</property></Job>',
    '<c:Job xmlns:c="x"><c:affectedResources><c:affectedResource href="a"/><c:affectedResource>b</c:affectedResource></c:affectedResources><c:properties><c:property key="k">v</c:property></c:properties></c:Job>',
  ];
  for (const text of texts) {
    const document = readDocument(text);
    if ('code' in document) throw new Error(document.detail);
    const [job] = resourcesOf(document);
    const members = job!.members;
    const list = members.get('affectedresources') ?? members.get('affectedresource');
    expect(job!.type.name).toBe('job');
    expect(listOf(list, 'affectedresource').map((one) => referenceOf(one))).toEqual(['a', 'b']);
    expect({ ...(members.get('properties') as object) }).toEqual({ k: 'v' });
  }
});

test('names are the same with hyphens, underscores and in any case', () => {
  const folded = fold({ 'target-resource': 1, TARGETRESOURCE: 2, time_of_status_change: 3 });
  expect([...folded]).toEqual([
    ['targetresource', 1],
    ['timeofstatuschange', 3],
  ]);
});

test('what is too deep, broken, or declares entities is refused', () => {
  const refused = (text: string): string => {
    const read = readDocument(text);
    return 'code' in read ? read.code : 'read';
  };
  expect(refused('{"a":'.repeat(70))).toBe('CIMI_TOO_DEEP');
  expect(refused('<a>'.repeat(70))).toBe('CIMI_TOO_DEEP');
  expect(refused('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')).toBe('CIMI_XML_DOCTYPE');
  expect(refused('<a>&b;</a>')).toBe('CIMI_XML_BROKEN');
  expect(refused('{"a"')).toBe('CIMI_JSON_BROKEN');
});

test('a long log in XML is read whole, and one without an end is refused', () => {
  const event = '<Event><id>x</id><timestamp>2026-01-01T00:00:00Z</timestamp></Event>';
  expect(readDocument(`<Collection>${event.repeat(20_000)}</Collection>`)).toMatchObject({ format: 'xml' });
  expect(readDocument(`<Collection>${'<a/>'.repeat(300_000)}</Collection>`)).toMatchObject({
    code: 'CIMI_TOO_DEEP',
  });
});
