import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isBodyLine, readBody, readEventLine } from './event-line.ts';

test.each([
  ["event 'lifecycle' for domain 'a': Started Booted", 'a', 'Started Booted'],
  ["event 'lifecycle' for domain it's: x: Started Booted", "it's: x", 'Started Booted'],
  ["event 'device-added' for domain 'a': b': net0", "a': b", 'net0'],
  ["event 'watchdog' for domain a: b: reset", 'a: b', 'reset'],
  ["event 'reboot' for domain 'a b'", 'a b', ''],
  ["event 'reboot' for domain a b", 'a b', ''],
  ["event 'tunable' for domain 'a':", 'a', ''],
  ["event 'tunable' for domain a:", 'a', ''],
  ["event 'tray-change' for domain 'a' disk ide0-0-0: opened", 'a', 'ide0-0-0: opened'],
  ["event 'agent-lifecycle' for domain 'a': state: 'x' reason: 'y'", 'a', "state: 'x' reason: 'y'"],
  ["event 'lifecycle' for storage pool p 1: Stopped", 'p 1', 'Stopped'],
])('%s', (text, name, detail) => {
  expect(readEventLine(text)).toMatchObject({ name, detail });
});

test.each([
  "event 'x",
  "event 'x' for domain ",
  "event 'x' for domain ''",
  "event 'x' for a: b",
  "event '' for domain a",
])('"%s" is no event', (text) => {
  expect(readEventLine(text)).toBeUndefined();
});

test('any name of a machine is read back from a lifecycle event', () => {
  const names = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(names, (name) => {
      fc.pre(name.trim() === name && name !== '' && !name.startsWith("'"));
      const text = (quote: string): string =>
        `event 'lifecycle' for domain ${quote}${name}${quote}: Stopped Destroyed`;
      for (const quote of ["'", ''])
        expect(readEventLine(text(quote))).toMatchObject({ name, detail: 'Stopped Destroyed' });
    }),
  );
});

test('lines of a body are told, and read', () => {
  expect(['\toperation: 2', 'recipient: guest', 'alias: net0', 'flags:'].every(isBodyLine)).toBe(true);
  expect(['', 'events received: 1', "event 'x' for domain 'a'"].some(isBodyLine)).toBe(false);
  expect([...readBody(['\toperation: 2', 'action: inject', 'flags:', '\tx509dname=CN=a,O=b'])]).toEqual([
    ['operation', '2'],
    ['action', 'inject'],
    ['x509dname', 'CN=a,O=b'],
  ]);
});
