import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import { readAccessLine, timeOf } from './access-line.ts';

test('columns of the access log are read, operations of two words too', () => {
  expect(readAccessLine('[20261120T19:21:48.753Z]  A8.1         rm        /local/domain/1 ')).toMatchObject({
    connection: 'A8',
    transaction: '1',
    operation: 'rm',
    argument: '/local/domain/1',
  });
  expect(readAccessLine('D1           w event   control/shutdown FF ')).toMatchObject({
    connection: 'D1',
    operation: 'w event',
    argument: 'control/shutdown FF',
    written: '',
  });
});

test('the trace of C xenstored is read with and without the domain', () => {
  expect(readAccessLine('io: IN 0x5f (d7) 20261120 21:00:01 WRITE (/a b c)')).toMatchObject({
    connection: 'D7',
    operation: 'write',
    argument: '/a b c',
    isAnswer: false,
  });
  expect(readAccessLine('OUT 0x5f 20261120 21:00:01 WATCH_EVENT (@releaseDomain t )')).toMatchObject({
    connection: '0x5f',
    operation: 'w event',
    isAnswer: false,
  });
});

test('the access log is in UTC, the trace in the zone of the machine', () => {
  const clock = createLocalClock('+02:00');
  const access = readAccessLine('[20261120T19:21:48.753Z]  A8  commit')!;
  const trace = readAccessLine('IN 0x5f 20261120 21:21:48 RM (/a )')!;
  expect(timeOf(access, clock)?.epochMs).toBe(Date.UTC(2026, 10, 20, 19, 21, 48, 753));
  expect(timeOf(trace, clock)).toEqual({ epochMs: Date.UTC(2026, 10, 20, 19, 21, 48) });
  expect(timeOf({ ...access, written: '20260231T00:00:00.000Z' }, clock)).toBeUndefined();
});

test('what is written in columns is read back', () => {
  const word = fc.stringMatching(/^[!-~]{1,20}$/);
  fc.assert(
    fc.property(fc.nat(99_999), fc.nat(999), word, word, (number, transaction, path, value) => {
      const column = `A${number}${transaction === 0 ? '' : `.${transaction}`}`.padEnd(12);
      const line = readAccessLine(`[20261120T19:21:48.753Z]  ${column} write     /${path} ${value}`);
      expect(line).toMatchObject({
        connection: `A${number}`,
        operation: 'write',
        argument: `/${path} ${value}`,
      });
    }),
  );
});
