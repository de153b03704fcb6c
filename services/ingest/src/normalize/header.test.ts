import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RawRecord } from '../source.ts';
import { readHeader } from './header.ts';
import type { RecordHeader } from './header.ts';
import { createLocalClock } from './local-clock.ts';

const RECEIVED_MS = Date.parse('2026-11-21T12:00:00Z');
const utc = createLocalClock();
const berlin = createLocalClock('Europe/Berlin');

function read(text: string, clock = utc, more: Partial<RawRecord> = {}): RecordHeader {
  return readHeader({ text, receivedMs: RECEIVED_MS, ...more }, clock);
}
/** Form, host, program, pid, time, message. */
function told(text: string, clock = utc): unknown[] {
  const { form, host, message, pid, program, time } = read(text, clock);
  const written = time === undefined ? undefined : new Date(time.epochMs).toISOString();
  return [form, host, program, pid, written, message];
}

describe('RFC 5424', () => {
  test('all members, and the structured data as it was written', () => {
    const data = '[a@1 x="]\\"" y="\\\\"][b@2]';
    const text = `<165>1 2026-11-21T10:00:00.123456+01:00 esx1.example.org Hostd 2099 ID7 ${data} the message`;
    expect(told(text)).toEqual([
      'rfc5424',
      'esx1.example.org',
      'Hostd',
      '2099',
      '2026-11-21T09:00:00.123Z',
      'the message',
    ]);
    expect(read(text)).toMatchObject({ priority: 165, structuredData: data });
    expect(read(text).time).not.toHaveProperty('guessed');
  });

  test('members that are nil are not told, and a byte order mark is no part of the message', () => {
    expect(read('<13>1 - - - - - - \uFEFFx')).toEqual({ form: 'rfc5424', priority: 13, message: 'x' });
    expect(read('<13>1 - - - - - -')).toEqual({ form: 'rfc5424', priority: 13, message: '' });
  });

  test('data whose bracket is not closed are left to the message', () => {
    expect(read('<13>1 - h p - - [a x="y').message).toBe('[a x="y');
  });

  test('what begins with a one and has no time of its form is none', () => {
    for (const text of ['1 of 3 disks failed on host h1', '1 - - - - - x'])
      expect(read(text)).toEqual({ form: 'none', message: text });
    expect(read('<13>1 2026-11-21 10:00:00 h1 p 42 - - x').host).toBeUndefined();
  });

  test.each([
    ['2026-02-29T10:00:00Z', undefined],
    ['2024-02-29T10:00:00Z', '2024-02-29T10:00:00.000Z'],
    ['2026-11-21T10:00:60Z', undefined],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['2026-11-21T10:00:00.123456789-03:30', '2026-11-21T13:30:00.123Z'],
    ['1985-04-12T19:20:50.52-04:00', '1985-04-12T23:20:50.520Z'],
    ['2026-10-25T02:30:00+01:00', '2026-10-25T01:30:00.000Z'],
  ])('the time %s is %s', (written, iso) => {
    const [form, host, , , time, message] = told(`<13>1 ${written} h1 p - - - x`, berlin);
    expect([form, host, time, message]).toEqual(['rfc5424', 'h1', iso, 'x']);
  });

  test('without priority, as some write it to files', () => {
    expect(told('1 2026-11-21T10:00:00Z h1 p1 - - - x')).toEqual([
      'rfc5424',
      'h1',
      'p1',
      undefined,
      '2026-11-21T10:00:00.000Z',
      'x',
    ]);
  });
});

describe('RFC 3164', () => {
  test('the time has neither year nor zone', () => {
    expect(told('<86>Nov 21 10:00:00 h1 sshd[42]: Accepted')).toEqual([
      'rfc3164',
      'h1',
      'sshd',
      '42',
      '2026-11-21T10:00:00.000Z',
      'Accepted',
    ]);
    expect(read('Nov 21 10:00:00 h1 sshd[42]: x').time?.guessed).toBe('year');
    expect(told('Nov  1 10:00:00 h1 kernel: [1.2] x', berlin)).toEqual([
      'rfc3164',
      'h1',
      'kernel',
      undefined,
      '2026-11-01T09:00:00.000Z',
      '[1.2] x',
    ]);
  });

  test.each([
    ['Jan  1 2026 00:30:00', '2026-01-01T00:30:00.000Z'],
    ['Jan  1 2026 10:00:00', '2026-01-01T10:00:00.000Z'],
    ['Dec 31 2025 23:59:59', '2025-12-31T23:59:59.000Z'],
    ['Feb 29 2024 10:00:00', '2024-02-29T10:00:00.000Z'],
    ['Nov 21 2026 10:00:00.250', '2026-11-21T10:00:00.250Z'],
  ])('with a year, %s', (written, iso) => {
    const { time } = read(`<13>${written} h1 p: x`);
    expect(new Date(time?.epochMs ?? 0).toISOString()).toBe(iso);
    expect(time?.guessed).toBe('zone');
    expect(read(`<13>${written} h1 p: x`, createLocalClock('+00:00')).time).not.toHaveProperty('guessed');
  });

  test('UTC behind the time is its zone, another name only stands there, and the host may be in capitals', () => {
    expect(told('Nov 21 2026 10:00:00 UTC: h1 p: x', berlin)[4]).toBe('2026-11-21T10:00:00.000Z');
    expect(read('Nov 21 2026 10:00:00 UTC: h1 p: x').time).not.toHaveProperty('guessed');
    expect(told('Nov 21 10:00:00 CET h1 p: x', berlin).slice(1, 5)).toEqual([
      'h1',
      'p',
      undefined,
      '2026-11-21T09:00:00.000Z',
    ]);
    expect(read('<13>Nov 21 10:00:00 KVMA text without: tag')).toMatchObject({
      host: 'KVMA',
      message: 'text without: tag',
    });
    expect(read('Nov 21 10:00:00 NODE kernel: x').host).toBe('NODE');
  });

  test.each([
    ['2026-11-21T12:00:00Z', 'Feb 29 10:00:00', '2024-02-29T10:00:00.000Z'],
    ['2028-03-01T00:00:00Z', 'Feb 29 23:59:59', '2028-02-29T23:59:59.000Z'],
    ['2027-01-01T00:00:05Z', 'Dec 31 23:59:59', '2026-12-31T23:59:59.000Z'],
    ['2026-12-31T23:59:58Z', 'Jan  1 00:00:01', '2027-01-01T00:00:01.000Z'],
  ])('received %s, written %s', (received, written, iso) => {
    const { time } = read(`<13>${written} h1 p: x`, utc, { receivedMs: Date.parse(received) });
    expect(new Date(time?.epochMs ?? 0).toISOString()).toBe(iso);
    expect(time?.guessed).toBe('year');
  });

  test('hosts as syslog-ng chains them, and addresses', () => {
    for (const host of ['h1/relay.example.org', 's_net@h1', 's_net@h1/192.0.2.1'])
      expect(told(`<13>Nov 21 10:00:00 ${host} sshd[1]: x`).slice(1, 4)).toEqual(['h1', 'sshd', '1']);
    expect(read('<13>Nov 21 10:00:00 2001:db8::1 sshd[1]: x').host).toBe('2001:db8::1');
  });

  test('a message that rsyslog tells was repeated is that message', () => {
    expect(told('Nov 21 10:00:00 h1 p[1]: message repeated 2 times: [ it [failed]]')[5]).toBe('it [failed]');
    const cut = 'message repeated 2 times: [ it failed';
    expect(read(`Nov 21 10:00:00 h1 p[1]: ${cut}`).message).toBe(cut);
  });

  test('a day that the year has not is no time', () => {
    expect(read('<13>Feb 29 2026 10:00:00 h1 p: x').time).toBeUndefined();
  });

  test('a priority with nothing that can be read behind it is a header, without it is none', () => {
    expect(read('<13>something else')).toEqual({ form: 'rfc3164', priority: 13, message: 'something else' });
    expect(read('<13>prog[1]: x')).toMatchObject({ program: 'prog', pid: '1', message: 'prog[1]: x' });
    expect(read('<1345>x').form).toBe('none');
  });
});

describe('time and host without priority, as in files', () => {
  test('an ISO time', () => {
    expect(told('2026-11-21T10:00:00.123Z h1 vpxd[7]: x')).toEqual([
      'iso',
      'h1',
      'vpxd',
      '7',
      '2026-11-21T10:00:00.123Z',
      'x',
    ]);
    expect(read('2026-11-21T10:00:00 h1 p: x').time?.guessed).toBe('zone');
    expect(told('2026-11-21T10:00:00 h1 p: x', berlin)[4]).toBe('2026-11-21T09:00:00.000Z');
  });

  test.each([
    '2026-11-21 10:00:00.123+0000: 4711: info : hostname: kvm1',
    '2026-11-21T10:00:00.123Z info hostd[2099] [Originator@6876 sub=x] y',
    'Nov 21 10:00:00 no tag here',
    'Some text: with a colon',
    '[20261121T10:00:00Z|info|h|1] x',
    '',
  ])('not where no tag comes behind it: %s', (text) => {
    expect(read(text)).toEqual({ form: 'none', message: text });
  });
});

describe('what journalctl prints', () => {
  test.each([
    ['Nov 21 10:00:00', '2026-11-21T09:00:00.000Z', 'year'],
    ['Nov 21 10:00:00.123456', '2026-11-21T09:00:00.123Z', 'year'],
    ['2026-11-21T10:00:00+0100', '2026-11-21T09:00:00.000Z', undefined],
    ['2026-11-21T10:00:00.123456+01:00', '2026-11-21T09:00:00.123Z', undefined],
    ['Sat 2026-11-21 10:00:00 CET', '2026-11-21T09:00:00.000Z', undefined],
    ['Sat 2026-11-21 10:00:00 UTC', '2026-11-21T10:00:00.000Z', undefined],
    ['Sat 2026-11-21 10:00:00.500000 +05', '2026-11-21T05:00:00.500Z', undefined],
    ['1795251600.123456', '2026-11-21T09:00:00.123Z', undefined],
  ])('%s', (written, iso, guessed) => {
    const header = read(`${written} h1 libvirtd[7]: x`, berlin);
    expect(header).toMatchObject({ host: 'h1', program: 'libvirtd', pid: '7', message: 'x' });
    expect(new Date(header.time?.epochMs ?? 0).toISOString()).toBe(iso);
    expect(header.time?.guessed).toBe(guessed);
  });

  test('an hour that comes twice is not certain', () => {
    expect(read('Sun 2026-10-25 02:30:00 CET h1 p: x', berlin).time?.guessed).toBe('zone');
    expect(read('2026-10-25T02:30:00 h1 p: x', berlin).time?.guessed).toBe('zone');
    expect(read('2026-03-29T02:30:00 h1 p: x', berlin).time?.guessed).toBe('zone');
  });
});

describe("a program's own text", () => {
  test.each([
    '2026-11-21 10:00:00,123 INFO main: x',
    'Nov 21 09:00:00 inner text: x',
    '<14>is no priority',
    '2026-11-21T10:00:00Z h2 p2: x',
  ])('is no header behind a tag: %s', (text) => {
    expect(told(`Nov 21 10:00:00 h1 p1: ${text}`).slice(1)).toEqual([
      'h1',
      'p1',
      undefined,
      '2026-11-21T10:00:00.000Z',
      text,
    ]);
  });

  test.each(['2026-11-21 10:00:00 INFO main: x', '2026-11-21T10:00:00Z error main: x'])(
    'has a level, not a host: %s',
    (text) => {
      expect(read(text)).toEqual({ form: 'none', message: text });
    },
  );

  test.each([
    'Nov 21 09:00:00 h2 sshd[1]: x',
    '<14>Nov 21 09:00:00 h2 sshd: x',
    '<14>1 2026-11-21T09:00:00Z h2 sshd - - - x',
  ])('is a header behind a tag where a relay wrote it: %s', (text) => {
    expect(read(`Nov 21 10:00:00 h1 logger: ${text}`)).toMatchObject({
      host: 'h2',
      program: 'sshd',
      message: 'x',
    });
  });
});

describe('relays', () => {
  test('the innermost header counts, the priority is that of the outermost that has one', () => {
    const inner = '2026-11-21T09:59:59.500Z esx1 Hostd: info hostd[1] [Originator@6876 sub=x] y';
    expect(told(`Nov 21 10:00:00 192.0.2.1 ${inner}`)).toEqual([
      'iso',
      'esx1',
      'Hostd',
      undefined,
      '2026-11-21T09:59:59.500Z',
      'info hostd[1] [Originator@6876 sub=x] y',
    ]);
    expect(told(`<13>Nov 21 10:00:00 relay <14>Nov 21 09:00:00 h1 p[1]: x`)[1]).toBe('h1');
    expect(told(`Nov 21 10:00:00 relay Nov 21 09:00:00 h1 p[1]: x`)[1]).toBe('h1');
    expect(read(`<13>Nov 21 10:00:00 relay 1 2026-11-21T09:00:00Z h1 p - - - x`)).toMatchObject({
      host: 'h1',
      priority: 13,
      message: 'x',
    });
  });

  test('at most three are taken off', () => {
    const one = '<13>Nov 21 10:00:00 h1 ';
    expect(read(one.repeat(5) + 'p: x').message.startsWith('<13>')).toBe(true);
  });
});

test('what the way in took off counts, and a header inside counts more', () => {
  const envelope = { host: 'h0', program: 'p0', sentMs: 1000 };
  expect(read('x', utc, { envelope })).toEqual({
    form: 'envelope',
    message: 'x',
    host: 'h0',
    program: 'p0',
    time: { epochMs: 1000 },
  });
  expect(read('Nov 21 10:00:00 h1 p: x', utc, { envelope }).host).toBe('h1');
});

test('an entry of the journal is read, other JSON is a message', () => {
  expect(read('{"MESSAGE":"x","__CURSOR":"a"}')).toMatchObject({ form: 'journal', message: 'x' });
  expect(read('{"a":1}')).toEqual({ form: 'none', message: '{"a":1}' });
});

test('whatever the text is, the message is its end, and long ones cost no more than short ones', () => {
  const part = fc.constantFrom(
    '<13>',
    '1 ',
    'Nov 21 10:00:00 ',
    '2026-11-21T10:00:00Z ',
    'host ',
    'prog[1]: ',
    '- ',
    '[a b="c"]',
    'x',
    ':',
    ' ',
  );
  fc.assert(
    fc.property(
      fc.array(part).map((parts) => parts.join('')),
      (text) => {
        expect(text.endsWith(read(text).message)).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
  for (const text of ['<13>1 ', 'Nov 21 10:00:00 ', '2026-11-21T10:00:00', '<13>1 - - - - - [']) {
    expect(read(text + text.repeat(100_000)).message.length).toBeGreaterThan(0);
    expect(read(`${text}${'a'.repeat(1_000_000)}`).message.length).toBeGreaterThan(0);
    expect(read(`${text}${'\\'.repeat(1_000_000)}`).message.length).toBeGreaterThan(0);
  }
});
