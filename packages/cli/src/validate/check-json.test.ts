import { checkJsonDepth } from '@cadf-pipeline/cadf-model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkJson } from './check-json.ts';
import { validEvent } from './valid-event.ts';

const start = { line: 1, column: 1 };
const brief = (text: string, profile: 'strict' | 'openstack' = 'openstack') =>
  checkJson(text, profile, start).findings.map(
    ({ line, column, severity, code, pointer }) => `${line}:${column} ${severity} ${code} ${pointer}`,
  );

test('a valid event has no findings in any profile', () => {
  expect(checkJson(JSON.stringify(validEvent), 'strict', start)).toEqual({
    events: 1,
    valid: 1,
    findings: [],
  });
});

test('a fault stands where its value begins', () => {
  const text = JSON.stringify({ ...validEvent, outcome: 'maybe' }, null, 2);
  const line = text.split('\n').findIndex((one) => one.includes('"outcome"')) + 1;
  expect(brief(text)).toEqual([`${line}:14 error CADF_OUTCOME_NOT_IN_TAXONOMY /outcome`]);
});

test('a fault of a missing member stands where its object begins', () => {
  const { id: _id, ...initiator } = validEvent.initiator;
  const text = JSON.stringify({ ...validEvent, initiator });
  const column = text.indexOf('{', 1) + 1;
  expect(text.slice(column - 14, column)).toContain('"initiator":{');
  expect(brief(text)).toEqual([`1:${column} error CADF_RESOURCE_ID_MISSING /initiator/id`]);
});

test('faults of events in an envelope have pointers from the root of the document', () => {
  const { outcome: _outcome, ...rest } = validEvent;
  const text = JSON.stringify({ events: [validEvent, rest] });
  const [, second] = text.matchAll(/\{"typeURI":"http/g);
  expect(brief(text)).toEqual([`1:${second!.index + 1} error CADF_OUTCOME_MISSING /events/1/outcome`]);
});

test('faults inside JSON text in a string have the place of the string and both pointers', () => {
  const { outcome: _outcome, ...payload } = validEvent;
  const inner = JSON.stringify({ event_type: 'audit.http.request', payload });
  const text = `{\n  "oslo.version": "2.0",\n  "oslo.message": ${JSON.stringify(inner)}\n}`;
  expect(checkJson(text, 'openstack', start).findings).toMatchObject([
    {
      line: 3,
      column: 19,
      code: 'CADF_OUTCOME_MISSING',
      pointer: '/oslo.message',
      within: '/payload/outcome',
    },
  ]);
});

test('references are looked up in the Log around the event', () => {
  const { initiator: _initiator, ...rest } = validEvent;
  const log = (resources: readonly object[]) =>
    JSON.stringify({
      typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/log',
      resources,
      events: [{ ...rest, initiatorId: 'user-1' }],
    });
  expect(brief(log([{ id: 'user-1', typeURI: 'data/security/account/user' }]))).toEqual([]);
  expect(brief(log([])).map((line) => line.slice(line.indexOf(' ') + 1))).toEqual([
    'warning CADF_REFERENCE_UNDEFINED /events/0/initiatorId',
  ]);
});

test('the place within an input is that of the record plus that within it', () => {
  const text = JSON.stringify({ ...validEvent, outcome: 'maybe' });
  const [found] = checkJson(text, 'openstack', { line: 40, column: 3 }).findings;
  expect(found).toMatchObject({ line: 40, column: text.indexOf('"maybe"') + 3 });
});

test('a text that is not JSON is one event with an error at its place', () => {
  expect(checkJson('{\n  "id": 1,\n}', 'openstack', start)).toMatchObject({
    events: 1,
    valid: 0,
    findings: [{ line: 2, column: 10, severity: 'error', code: 'CADF_READ_JSON', pointer: '' }],
  });
});

test('an empty list as a record, and a Log that says nothing of events, are faults; a Log that says it has none is not', () => {
  const log = '{"typeURI":"http://schemas.dmtf.org/cloud/audit/1.0/log"';
  for (const text of ['[]', `${log}}`]) expect(brief(text)).toEqual(['1:1 error CADF_DOCUMENT_EMPTY ']);
  expect(checkJson(`${log},"events":[]}`, 'openstack', start)).toEqual({ events: 0, valid: 0, findings: [] });
});

test('the bounds of intake hold: depth, size of an event', () => {
  expect(brief(`${'['.repeat(1000)}${']'.repeat(1000)}`)).toEqual(['1:1 error CADF_READ_TOO_DEEP ']);
  const large = { ...validEvent, attachments: [{ contentType: 'text/plain', content: 'é'.repeat(600_000) }] };
  const text = JSON.stringify([validEvent, large]);
  const column = text.lastIndexOf('{"typeURI":"http') + 1;
  expect(brief(text)).toEqual([`1:${column} error CADF_READ_TOO_LARGE /1`]);
});

test('every event of any text is valid or has an error, and each finding has a place in the text', () => {
  const anything = fc.oneof(
    fc.json(),
    fc.string(),
    fc
      .tuple(fc.constantFrom(...Object.keys(validEvent)), fc.jsonValue())
      .map(([member, value]) =>
        JSON.stringify(
          [{ ...validEvent, [member]: value }, { event: { ...validEvent, [member]: value } }],
          null,
          1,
        ),
      ),
  );
  fc.assert(
    fc.property(anything, fc.constantFrom('strict' as const, 'lenient' as const), (text, profile) => {
      const { events, valid, findings } = checkJson(text, profile, start);
      expect(valid).toBeLessThanOrEqual(events);
      expect(findings.some(({ severity }) => severity === 'error')).toBe(valid < events);
      const lines = text.split('\n');
      for (const { line, column } of findings)
        expect(lines[line - 1]!.length + 1).toBeGreaterThanOrEqual(column);
      expect(checkJsonDepth(text)).toBe(true);
    }),
  );
});
