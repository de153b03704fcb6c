import { expect, test } from 'vitest';
import { scrubJson, scrubUri, scrubXml } from './secrets.ts';

const json = (value: unknown): unknown => JSON.parse(scrubJson(JSON.stringify(value), value).text);

test('secrets of a resource in JSON are masked, what names it stays', () => {
  expect(
    json({
      id: 'credentials/c1',
      userName: 'ada',
      password: 'hunter2',
      keyData: 'hunter2',
      credential: { href: 'credentials/c1', key: 'hunter2' },
      properties: { anything: 'hunter2', more: ['hunter2'] },
      source: 'https://ada:hunter2@store.example.org/a.ovf?sig=hunter2',
      detail: '{"userData":"hunter2","name":"web"}',
      statusMessage: 'tried password=hunter2',
      resource: { href: 'https://cloud.example.org/machines?token=hunter2' },
    }),
  ).toEqual({
    id: 'credentials/c1',
    userName: 'ada',
    password: '***',
    keyData: '***',
    credential: { href: 'credentials/c1', key: '***' },
    properties: { anything: '***', more: ['***'] },
    source: 'https://***@store.example.org/a.ovf?***',
    detail: '{"userData":"***","name":"web"}',
    statusMessage: 'tried password=***',
    resource: { href: 'https://cloud.example.org/machines?token=***' },
  });
});

test('a resource without secrets stays as it was written', () => {
  const text = '{ "id" : "jobs/1", "source" : "machines/m1" }';
  expect(scrubJson(text, JSON.parse(text))).toEqual({ text, isRedacted: false });
  expect(scrubXml('<a  b = "c">d</a >')).toEqual({ text: '<a  b = "c">d</a >', isRedacted: false });
});

test('secrets of a resource in XML are masked, in elements and attributes, whatever the prefix', () => {
  const text =
    '<c:M><c:password>hunter2</c:password><property key="k">hunter2</property><userData/>' +
    '<credential href="credentials/c1"><key>hunter2</key></credential><d token=\'hunter2\'/>' +
    '<source href="https://a:hunter2@b.example.org/?hunter2"/><e>password=hunter2</e></c:M>';
  const { text: clean, isRedacted } = scrubXml(text);
  expect(isRedacted).toBe(true);
  expect(clean).toBe(
    '<c:M><c:password>***</c:password><property key="k">***</property><userData/>' +
      '<credential href="credentials/c1">***</credential><d token=\'***\'/>' +
      '<source href="https://***@b.example.org/?***"/><e>password=***</e></c:M>',
  );
});

test('marks inside values, comments and CDATA hide no secret', () => {
  const { text } = scrubXml(
    '<a><b token="x>hunter2">it\'s</b><!-- isn\'t > --><![CDATA[password=hunter2 > "]]><token>hunter2</token></a>',
  );
  expect(text).toBe(
    '<a><b token="***">it\'s</b><!-- isn\'t > --><![CDATA[password=*** > "]]><token>***</token></a>',
  );
});

test('of a URI remains where it points', () => {
  expect(scrubUri('https://a@b.example.org/c?d')).toBe('https://***@b.example.org/c?***');
  expect(scrubUri('machines/m1')).toBe('machines/m1');
});
