import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NormalizerContext, Outcome, RawRecord } from '../../src/source.ts';
import { createNormalizer } from './normalizer.ts';

const receivedMs = Date.parse('2026-11-21T00:00:00Z');
const record = (text: string): RawRecord => ({ text, receivedMs });
const UPID = 'UPID:pve1:000079D3:00083FE1:690F5303:qmshutdown:103:alice@pve:';

function outcomes(texts: readonly string[], context: Partial<NormalizerContext> = {}): Outcome[] {
  const normalizer = createNormalizer({ sourceName: 's', host: 'pve1', ...context });
  return [...texts.flatMap((text) => normalizer.push(record(text))), ...normalizer.flush()];
}

function eventOf(
  text: string,
  context: Partial<NormalizerContext> = {},
): Extract<Outcome, { kind: 'event' }> {
  const [outcome] = outcomes([text], context);
  if (outcome?.kind !== 'event') throw new Error(`no event: ${JSON.stringify(outcome)}`);
  return outcome;
}

test('the index, the journal and the task log tell of one task under one id', () => {
  const events = [
    eventOf(`${UPID} 690F5310 OK`),
    eventOf(`Nov 08 17:26:11 pve1 pvedaemon[1]: <alice@pve> starting task ${UPID}`),
    eventOf(`2025-11-08T17:26:24+03:00 relay pvedaemon[1]: <alice@pve> end task ${UPID} OK`),
    eventOf('TASK OK', { file: UPID }),
    eventOf(JSON.stringify({ upid: UPID, endtime: 1762612000, status: 'OK' })),
  ].map(({ event }) => event);
  expect(new Set(events.map(({ id }) => id)).size).toBe(1);
  expect(new Set(events.map(({ eventTime }) => eventTime)).size).toBe(1);
  expect(events.map(({ outcome }) => outcome)).toEqual([
    'success',
    'pending',
    'success',
    'success',
    'success',
  ]);
});

test('the zone of the node moves the time of a login, and never that of a task', () => {
  const login = "Nov 09 14:40:17 pve1 pvedaemon[1]: <root@pam> successful auth for user 'alice@pve'";
  const task = `Nov 09 14:40:17 pve1 pvedaemon[1]: <alice@pve> end task ${UPID} OK`;
  const options = { timezone: 'America/St_Johns' };
  expect(eventOf(login).event.eventTime).toBe('2026-11-09T14:40:17.000+00:00');
  expect(eventOf(login, { options }).event.eventTime).toBe('2026-11-09T18:10:17.000+00:00');
  expect(eventOf(task, { options }).event.eventTime).toBe(eventOf(task).event.eventTime);
});

test('root@pam before a login is nobody', () => {
  const { event } = eventOf(
    "Nov 09 14:40:17 pve1 pvedaemon[1]: <root@pam> successful auth for user 'alice@pve'",
  );
  expect(JSON.stringify({ ...event, attachments: [] })).not.toContain('root');
});

test('a line is the same event behind any relay', () => {
  const line =
    '2026-11-09T14:36:33+01:00 pve1 pvedaemon[7]: authentication failure; rhost=192.0.2.1 user=a@pam msg=x';
  expect(eventOf(`<27>Nov 10 00:00:00 relay ${line}`).event.id).toBe(eventOf(line).event.id);
});

test('a secret is in no member and in no attachment', () => {
  const { event } = eventOf(
    'Nov 09 14:41:45 pve1 pvedaemon[1]: <alice@pve> update VM 103: -cipassword hunter2 -cores 4',
  );
  expect(JSON.stringify(event)).not.toContain('hunter2');
  expect(event.tags).toContain('//proxmox-ve/redacted?value=secret');
});

test('the setting keep makes events of noise', () => {
  const line = '::1 - root@pam [01/10/2026:16:31:54 +0200] "GET /api2/json/version HTTP/1.1" 200 1';
  expect(outcomes([line])).toMatchObject([{ kind: 'ignored', rule: 'http-read' }]);
  expect(outcomes([line], { options: { keep: 'http-read' } })).toMatchObject([
    { kind: 'event', rule: 'http-read' },
  ]);
});

test('two setting scopes keep guests of one number apart', () => {
  const line = `${UPID} 690F5310 OK`;
  expect(eventOf(line, { options: { cluster: 'lab' } }).event.target).toMatchObject({ id: 'lab/guest/103' });
  expect(eventOf(line).event.target).toMatchObject({ id: 'pve1/guest/103' });
});

test('an entry of the journal as JSON is the same event as the line', () => {
  const message = 'authentication failure; rhost=192.0.2.1 user=a@pam msg=x';
  const line = `2026-11-09T14:36:33.250+01:00 pve1 pvedaemon[7]: ${message}`;
  const entry = {
    __REALTIME_TIMESTAMP: String(Date.parse('2026-11-09T13:36:33.250Z') * 1000),
    _HOSTNAME: 'pve1',
    SYSLOG_IDENTIFIER: 'pvedaemon',
    _PID: '7',
    MESSAGE: message,
  };
  expect(eventOf(JSON.stringify(entry)).event.id).toBe(eventOf(line).event.id);
});

test('a time that cannot be is a dead letter, and what PAM says of other programs is theirs', () => {
  const far = '192.0.2.1 - a@pam [01/10/9999:16:31:54 +0200] "POST /api2/json/pools HTTP/1.1" 200 13';
  expect(outcomes([far])).toMatchObject([{ kind: 'dead-letter', code: 'PROXMOX_VE_TIME_UNUSABLE' }]);
  const pam = 'Nov 09 14:36:33 pve1 login[7]: authentication failure; logname= uid=0 tty=tty1 user=root';
  expect(outcomes([pam])).toMatchObject([{ kind: 'ignored', rule: 'other-program' }]);
});

test.each([
  [{ status: 'stopped', exitstatus: 'OK' }, 'success'],
  [{ status: 'running' }, 'pending'],
  [{ status: 'stopped' }, 'unknown'],
  [{ endtime: -1e30, status: 'x' }, 'failure'],
])('the status of a task %j is %s', (members, outcome) => {
  expect(eventOf(JSON.stringify({ upid: UPID, ...members })).event.outcome).toBe(outcome);
});

test('any text ends in one outcome', () => {
  const start = fc.constantFrom(
    '',
    'UPID:',
    'UPID:a:00000000:00000000:00000000:',
    '<a@b> end task UPID:',
    '<a@b> ',
    '{',
    '::1 - a [01/10/2026:',
    '0 1 x 20/Jun/2022:13:09:14 +0200 ',
    'Nov 09 14:41:45 pve1 pvedaemon[1]: ',
    'authentication failure; rhost=',
  );
  fc.assert(
    fc.property(start, fc.string({ unit: 'binary', maxLength: 100 }), (before, text) => {
      expect(outcomes([before + text])).toHaveLength(1);
    }),
  );
});

test('long lines end quickly and in one outcome', () => {
  for (const text of [
    '<a@b> '.repeat(9000),
    'UPID:'.repeat(200_000),
    ' '.repeat(1 << 20),
    '::1 - a [01/10/2026:16:31:54 +0200] "POST /'.padEnd(60_000, 'a/'),
  ])
    expect(outcomes([text])).toHaveLength(1);
});
