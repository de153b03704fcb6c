import { expect, test } from 'vitest';
import { redactRecord, redactText } from './redact-secrets.ts';

test.each([
  [
    'update VM 103: -ciuser a -cipassword hunter2 -cores 4',
    'update VM 103: -ciuser a -cipassword *** -cores 4',
  ],
  ['GET /x?port=5900&vncticket=PVEVNC%3A65&a=1 HTTP/1.1', 'GET /x?port=5900&vncticket=***&a=1 HTTP/1.1'],
  ['Cookie: PVEAuthCookie=PVE:root@pam:65::xyz; a=b', 'Cookie: PVEAuthCookie=***; a=b'],
  ['Authorization: Bearer abc.def', 'Authorization: Bearer ***'],
  ['Authorization: PVEAPIToken=a@pam!t=0000', 'Authorization: ***'],
  ['{"user":"a","password":"p q","n":1}', '{"user":"a","password":***,"n":1}'],
  ['{"password":"a\\"b","x":1}', '{"password":***,"x":1}'],
  ['password="a\\"b" z', 'password=*** z'],
  ["passwd='a\\'b' z", 'passwd=*** z'],
  ['--token abc -n 1', '--token *** -n 1'],
  [
    'curl -H "X-Auth-Token: abc" https://u:p4ss@192.0.2.1/x',
    'curl -H "X-Auth-Token: ***" https://u:***@192.0.2.1/x',
  ],
  ['{"token": "abc", "api_key":"k"}', '{"token": ***, "api_key":***}'],
  ['GET /ws?token=abc&x=1', 'GET /ws?token=***&x=1'],
  ['login --password "a b" --user x', 'login --password *** --user x'],
])('the secret goes out of "%s"', (text, expected) => {
  expect(redactText(text)).toBe(expected);
});

test.each([
  "changed password for user 'a@pve'",
  'POST /access/ticket HTTP/1.1',
  'authentication failure',
  '-password -x',
  'TTY=pts/0 ; PWD=/root ; USER=root ; COMMAND=/usr/sbin/xl destroy a',
  'Unexpected token: x',
  'https://192.0.2.1:8006/a@b',
  'ssh://root@192.0.2.1:22',
])('nothing goes out of "%s"', (text) => {
  expect(redactText(text)).toBe(text);
});

test('bytes that would tell the secret again go too', () => {
  const record = { text: 'password=x', bytes: Buffer.from('password=x'), receivedMs: 0, position: '1' };
  expect(redactRecord(record)).toEqual({
    record: { text: 'password=***', receivedMs: 0, position: '1' },
    isRedacted: true,
  });
  expect(redactRecord({ ...record, text: 'x' }).isRedacted).toBe(false);
});

test('a long record without a secret is looked at in linear time', () => {
  for (const text of [
    'a'.repeat(1 << 20),
    'pass'.repeat(1 << 18),
    '-'.repeat(1 << 20) + 'pass',
    '"'.repeat(1 << 20),
    'a://'.repeat(1 << 18),
    'token'.repeat(1 << 18),
    `token="${'\\'.repeat(1 << 20)}`,
  ])
    expect(redactText(text)).toBe(text);
});
