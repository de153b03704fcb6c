import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CadfEvent } from '@cadf-pipeline/cadf-model';
import type { Outcome, RawRecord } from '../../src/source.ts';
import { createNormalizer } from './normalizer.ts';

const AT = '2026-11-20 19:17:38,661: ';

function outcomesOf(lines: readonly string[], options: Readonly<Record<string, string>> = {}): Outcome[] {
  const normalizer = createNormalizer({
    sourceName: 's',
    host: 'hv1',
    options: { timezone: 'UTC', ...options },
  });
  const records = lines.map((text, index): RawRecord => ({ text, receivedMs: 0, position: String(index) }));
  return [...records.flatMap((record) => normalizer.push(record)), ...normalizer.flush()];
}

function eventsOf(lines: readonly string[], options?: Readonly<Record<string, string>>): CadfEvent[] {
  return outcomesOf(lines, options).flatMap((outcome) => (outcome.kind === 'event' ? [outcome.event] : []));
}

const job = (id: number, text: string): string => `${AT}job-${id} pid=1 INFO ${text}`;
const begin = (id: number, op: string, part = '1/1'): string =>
  job(id, `Op ${part}: opcode ${op} waiting for locks`);

test('beginning, failure and end of a job are versions of one event; nothing is held behind its end', () => {
  const normalizer = createNormalizer({ sourceName: 's', host: 'hv1' });
  const push = (text: string): Outcome[] => normalizer.push({ text, receivedMs: 0 });
  expect(push(begin(1, 'INSTANCE_REMOVE(a)'))).toHaveLength(1);
  expect(normalizer.held).toBe(1);
  expect(push(`${AT}job-1 pid=1 ERROR Op 1/1: Caught exception in INSTANCE_REMOVE(a)`)).toEqual([]);
  expect(push('Traceback (most recent call last):')).toEqual([]);
  expect(push("ganeti.errors.OpPrereqError: ('x', 'wrong_state')")).toEqual([]);
  expect(normalizer.held).toBe(4);
  const outcomes = push(job(1, 'Finished job 1, status = error'));
  expect(outcomes.map(({ records }) => records.length)).toEqual([3, 1]);
  expect(normalizer.held).toBe(0);
  for (const outcome of outcomes)
    expect(outcome).toMatchObject({ event: { outcome: 'failure', reason: { reasonCode: 'wrong_state' } } });
});

test('jobs whose lines are mixed are kept apart', () => {
  const events = eventsOf([
    begin(1, 'INSTANCE_STARTUP(a)'),
    begin(2, 'NODE_ADD(b)'),
    job(1, 'Finished job 1, status = success'),
    job(2, 'Finished job 2, status = canceled'),
  ]);
  expect(events.map(({ action, outcome, target }) => [action, outcome, target?.id])).toEqual([
    ['start', 'pending', 'hv1/instance/a'],
    ['create', 'pending', 'hv1/node/b'],
    ['start', 'success', 'hv1/instance/a'],
    ['create', 'failure', 'hv1/node/b'],
  ]);
  expect(new Set(events.map(({ id }) => id)).size).toBe(2);
});

test('a number that comes again with another operation is another job', () => {
  const events = eventsOf([
    begin(1, 'CLUSTER_POST_INIT'),
    begin(1, 'INSTANCE_CREATE(a)').replace('19:17', '20:00'),
    job(1, 'Finished job 1, status = success').replace('19:17', '20:00'),
  ]);
  expect(events.map(({ action }) => action)).toEqual(['create', 'create', 'create']);
  expect(events[1]?.id).toBe(events[2]?.id);
  expect(events[0]?.id).not.toBe(events[1]?.id);
});

test('a line has the same id from the file as from syslog', () => {
  const [fromFile] = eventsOf([begin(1, 'INSTANCE_CREATE(a)')]);
  const [relayed] = eventsOf([
    '2026-11-20T19:17:38Z hv1 job-1[1]: INFO Op 1/1: opcode INSTANCE_CREATE(a) waiting for locks',
  ]);
  expect(relayed?.id).toBe(fromFile?.id);
});

test('a job that is read again when it is over is a version of the same event', () => {
  const file = (status: string, more = ''): string =>
    `{"id": 7, "ops": [{"input": {"OP_ID": "OP_INSTANCE_REBOOT", "instance_name": "a"}, "status": "${status}"}], "received_timestamp": [1795202258, 5]${more}}`;
  const [running, done] = eventsOf([file('running'), file('success', ', "end_timestamp": [1795202260, 0]')]);
  expect([running?.outcome, done?.outcome]).toEqual(['pending', 'success']);
  expect(done?.id).toBe(running?.id);
});

test('secrets of a job are nowhere in its event', () => {
  const text = JSON.stringify({
    id: 7,
    ops: [
      {
        input: {
          OP_ID: 'OP_INSTANCE_CREATE',
          osparams_private: { pw: 'hunter2' },
          hvparams: { vnc_password: 'hunter3' },
        },
        status: 'success',
      },
    ],
    end_timestamp: [1795202258, 5],
  });
  const events = eventsOf([
    text,
    `${AT}gnt-instance add pid=1 INFO run with arguments '--os-parameters-private pw=hunter4 a'`,
  ]);
  expect(events).toHaveLength(2);
  expect(JSON.stringify(events)).not.toContain('hunter');
  expect(events[0]?.tags).toContain('//ganeti/redacted?value=osparams_private');
});

test('what is ignored can be kept', () => {
  const lines = [
    begin(1, 'OS_DIAGNOSE'),
    job(1, 'Finished job 1, status = success'),
    job(2, 'Creating disk 0'),
  ];
  expect(eventsOf(lines)).toEqual([]);
  expect(eventsOf(lines, { keep: 'all' }).map(({ action }) => action)).toEqual(['read', 'read', 'notify']);
});

test('a traceback without end is cut behind 256 lines; every line is in one outcome', () => {
  const lines = [
    `${AT}job-1 pid=1 ERROR Op 1/1: Caught exception in INSTANCE_REMOVE(a)`,
    ...Array.from({ length: 600 }, () => '  line'),
  ];
  const outcomes = outcomesOf(lines);
  expect(outcomes.find(({ kind }) => kind === 'event')?.records).toHaveLength(256);
  const used = outcomes.flatMap(({ records }) => records.map(({ position }) => position));
  expect(used.toSorted((a, b) => Number(a) - Number(b))).toEqual(lines.map((_, index) => String(index)));
});

test('any lines end in exactly one outcome each', () => {
  const line = fc.oneof(
    fc.constantFrom(
      begin(1, 'INSTANCE_REMOVE(a)'),
      begin(1, 'INSTANCE_STARTUP(b)', '2/2'),
      `${AT}job-1 pid=1 ERROR Op 1/1: Caught exception in INSTANCE_REMOVE(a)`,
      `${AT}job-2 pid=1 ERROR Op 1/1: Canceling job`,
      job(1, 'Finished job 1, status = error'),
      '  File "x"',
      '',
      '{"id": 1}',
      'Nov 20 19:17:38 hv1 sshd[9]: x',
      'ganeti.errors.OpExecError: x',
    ),
    fc.string(),
    fc.string().map((text) => AT + text),
    fc.string().map((text) => `${AT}ganeti-rapi pid=1 INFO ${text}`),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
      const used = outcomesOf(lines).flatMap(({ records }) =>
        records.map(({ position }) => Number(position)),
      );
      expect(used.toSorted((a, b) => a - b)).toEqual(lines.map((_, index) => index));
    }),
  );
});
