import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readHeader } from '../../src/normalize/header.ts';
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import type { RawRecord } from '../../src/source.ts';
import { readLogLine } from './log-line.ts';
import type { LogLine } from './log-line.ts';

const clock = createLocalClock('+01:00');

function read(text: string): LogLine | undefined {
  const record: RawRecord = { text, receivedMs: Date.UTC(2026, 10, 21) };
  return readLogLine(readHeader(record, clock), record, clock);
}

test('Python writes local time, Haskell UTC with picoseconds', () => {
  expect(read('2026-11-20 19:17:38,661: job-1 pid=158 INFO Op 1/1')).toEqual({
    program: 'job-1',
    pid: '158',
    thread: '',
    level: 'INFO',
    text: 'Op 1/1',
    time: { epochMs: Date.UTC(2026, 10, 20, 18, 17, 38, 661) },
    host: undefined,
  });
  expect(
    read('2026-11-20 19:17:38,264043933000 UTC: ganeti-luxid pid=130/ThreadId 5 NOTICE up'),
  ).toMatchObject({
    program: 'ganeti-luxid',
    thread: 'ThreadId 5',
    level: 'NOTICE',
    time: { epochMs: Date.UTC(2026, 10, 20, 19, 17, 38, 264) },
  });
});

test.each([
  [
    '2026-11-20 19:17:38,661: gnt-instance add pid=8 ERROR x',
    { program: 'gnt-instance add', level: 'ERROR' },
  ],
  [
    '2026-11-20 19:17:38,661: ganeti-rapi pid=8/MainThread http:12 DEBUG x',
    { thread: 'MainThread', level: 'DEBUG' },
  ],
  [
    'Nov 20 19:17:38 hv1 job-7[9]: (MainThread) WARNING x',
    { program: 'job-7', pid: '9', thread: 'MainThread', host: 'hv1' },
  ],
  ['Nov 20 19:17:38 hv1 gnt-node add[9]: INFO x', { program: 'gnt-node add', pid: '9', host: 'hv1' }],
  ['<30>Nov 20 19:17:38 hv1 gnt-node add[9]: INFO x', { program: 'gnt-node add', pid: '9', host: 'hv1' }],
  [
    '2026-11-20T19:17:38+01:00 hv1 gnt-node add[9]: INFO x',
    { time: { epochMs: Date.UTC(2026, 10, 20, 18, 17, 38) } },
  ],
])('is read: %s', (text, expected) => {
  expect(read(text)).toMatchObject({ text: 'x', ...expected });
});

test.each([
  '',
  'Traceback (most recent call last):',
  '2026-11-20 19:17:38,661: job-1 pid=158',
  '2026-11-20 19:17:38.661: job-1 pid=158 INFO x',
  'Nov 20 19:17:38 hv1 sshd[9]: INFO x',
])('is no line of Ganeti: "%s"', (text) => {
  expect(read(text)).toBeUndefined();
});

test('any text behind the level is kept as it is', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('job-12', 'ganeti-rapi', 'gnt-cluster modify', 'ganeti-noded'),
      fc.constantFrom('', '/MainThread', '/ThreadId 5', '/Thread-1 (work)'),
      fc.constantFrom('DEBUG', 'INFO', 'WARNING', 'ERROR'),
      fc.string({ maxLength: 600 }),
      (program, thread, level, text) => {
        const found = read(`2026-11-20 19:17:38,661: ${program} pid=1${thread} ${level} ${text}`);
        expect(found).toMatchObject({ program, thread: thread.slice(1), level, text });
      },
    ),
  );
});
