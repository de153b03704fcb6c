import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventToWrite } from '../../../test/support/event-to-write.ts';
import { parseSyslog } from './parse-syslog.test-support.ts';
import { syslogLine } from './syslog-line.ts';

const parse = (line: Buffer): Record<string, string> => parseSyslog(line.toString());

test('an event as JSON is the bytes that were accepted, behind a header that says what it is', () => {
  const given = eventToWrite(5, { action: 'authenticate/login', outcome: 'failure' });
  const line = syslogLine(given, { format: 'json', parameters: { subscription: 's1', batch: 'b1' } });
  expect(parse(line)).toEqual({
    priority: String(13 * 8 + 4),
    time: '2026-11-21T10:00:00.123Z',
    host: 'nova',
    id: 'authenticate/login',
    sd: 'cadf@32473 id="event-5" source="nova-region-a" position="2.5" subscription="s1" batch="b1"',
    message: given.text.toString(),
  });
});

test('an event in the Common Event Format', () => {
  expect(parse(syslogLine(eventToWrite(5), { format: 'cef' }))['message']).toMatch(
    /^CEF:0\|cadf-pipeline\|CADF\|1\.0\|update\|/,
  );
});

test('line breaks between the tokens of JSON become blanks, those within texts stay what they are', () => {
  const event = { id: 'a', name: 'one\ntwo\u0000' };
  const given = { ...eventToWrite(0), event, text: Buffer.from(JSON.stringify(event, null, '\t')) };
  const { message = '' } = parse(syslogLine(given, { format: 'json' }));
  expect(message).not.toMatch(/[\n\t]/);
  expect(JSON.parse(message)).toEqual(event);
});

test('an event that is too large is sent as its core, and says how large it is', () => {
  const given = eventToWrite(0, { attachments: [{ content: 'x'.repeat(100_000) }], name: 'y'.repeat(5000) });
  const line = syslogLine(given, { format: 'json' });
  const { sd = '', message = '' } = parse(line);
  expect(sd).toContain(`cut="${given.text.length}"`);
  expect(JSON.parse(message)).toMatchObject({
    id: 'event-0',
    action: 'update',
    target: { id: 'vm-1' },
    name: 'y'.repeat(256),
  });
  expect(message.length).toBeLessThan(8192);
  expect(parse(syslogLine(given, { format: 'json', maxMessageBytes: 200_000 }))['message']).toBe(
    given.text.toString(),
  );
});

test.each([
  ['in ASCII', 'a'.repeat(300), 64],
  ['of characters that take six bytes', '\u0001'.repeat(300), 8],
])('a core of texts %s fits also where least is taken', (_, text, characters) => {
  const part = { id: text, typeURI: text, name: text, domain: text };
  const said = {
    typeURI: text,
    id: text,
    eventType: text,
    eventTime: text,
    action: text,
    outcome: text,
    name: text,
  };
  const given = eventToWrite(0, { ...said, severity: text, initiatorId: text, targetId: text, observerId: text, initiator: part, target: part, observer: part, reason: { reasonType: text, reasonCode: text, policyType: text, policyId: text } }); // prettier-ignore
  for (const maxMessageBytes of [1024, 2048, 4096, 8192]) {
    const { message = '' } = parse(syslogLine(given, { format: 'json', maxMessageBytes }));
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(maxMessageBytes);
    expect((JSON.parse(message) as { id: string }).id.length).toBeGreaterThanOrEqual(characters);
  }
});

test('CEF that is too large is cut, and not in the midst of a character', () => {
  const given = eventToWrite(0, { id: 'é€😀'.repeat(3000), target: { id: 'é€😀'.repeat(3000) } });
  for (const maxMessageBytes of [1024, 8192, 8193, 8194, 8195]) {
    const { sd = '', message = '' } = parse(syslogLine(given, { format: 'cef', maxMessageBytes }));
    expect(sd).toContain('cut=');
    expect(Buffer.byteLength(message)).toBeGreaterThan(maxMessageBytes - 4);
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(maxMessageBytes);
    expect(message).not.toContain('\uFFFD');
  }
});

test.each([
  ['2026-11-21T12:00:00.5+02:00', '2026-11-21T10:00:00.500Z'],
  ['2026-11-21T10:00:00.123456+0000', '2026-11-21T10:00:00.123Z'],
  ['never', '2026-11-21T10:00:01.000Z'],
  [undefined, '2026-11-21T10:00:01.000Z'],
])('eventTime %j is written as %s', (eventTime, time) => {
  expect(parse(syslogLine(eventToWrite(0, { eventTime }), { format: 'cef' }))['time']).toBe(time);
});

test.each([
  [{ host: { address: '192.0.2.9' }, id: 'o' }, '192.0.2.9'],
  [{ addresses: [{ url: 'https://api.example/' }], id: 'o' }, 'api.example'],
  [{ id: 'o-1' }, 'o-1'],
  [{ name: 'Märchen Host' }, 'M-rchen-Host'],
  [undefined, '-'],
])('of the observer %j the host name is %s', (observer, host) => {
  expect(parse(syslogLine(eventToWrite(0, { observer }), { format: 'json' }))['host']).toBe(host);
});

test('whatever an event says, the message follows the grammar of RFC 5424', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
  const members = fc.record({
    id: text,
    action: text,
    outcome: text,
    eventTime: text,
    observer: fc.record({ id: text, name: text }),
  });
  fc.assert(
    fc.property(members, fc.constantFrom('json' as const, 'cef' as const), text, (said, format, source) => {
      const line = syslogLine({ ...eventToWrite(1, said), source }, { format });
      expect(parse(line)['message']).not.toBe('');
    }),
    { numRuns: 300 },
  );
});
