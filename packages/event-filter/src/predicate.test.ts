import { describe, expect, test } from 'vitest';
import { parseFilter } from './parse.ts';
import { compilePredicate } from './predicate.ts';

const event = {
  id: 'e-1',
  eventTime: '2026-11-01T02:00:00.123456+0200',
  action: 'authenticate/login',
  outcome: 'failure',
  severity: '10',
  initiator: {
    id: 'u-1',
    typeURI: 'service/security/account/user',
    name: 'root',
    project_id: null,
    host: { address: '10.1.2.3', agent: 'curl' },
    addresses: [{ url: 'http://a' }, { url: 'http://b', port: 80 }],
  },
  target: { name: 'Nova-API boot_disk', host: { address: '::ffff:192.168.0.9' } },
  tags: ['one', 'two'],
  empty: '',
  none: [],
  nested: [[1], [2, [3]]],
  flag: true,
  emoji: '😀',
  measurements: [{ result: '3.50', metric: { name: 'cpu' } }],
};

function passes(text: string, subject: unknown = event): boolean {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(`${parsed.fault.message}\n${parsed.fault.excerpt}`);
  const predicate = compilePredicate(parsed.filter);
  // The complement holds for every filter: there is no third answer.
  const negated = parseFilter(`not (${text})`);
  if (negated.ok) expect(compilePredicate(negated.filter)(subject)).toBe(!predicate(subject));
  return predicate(subject);
}

describe.each<readonly [string, readonly string[], readonly string[]]>([
  [
    'text is equal as written, numbers and booleans as JSON writes them',
    ["outcome = 'failure'", "initiator/addresses/port = '80'", "flag = 'true'", 'flag = true', "empty = ''"],
    ["outcome = 'Failure'", "initiator = 'u-1'", 'flag = false', "missing = ''", "outcome = 'fail'"],
  ],
  [
    '!= is the opposite of =, also for what is absent',
    ["missing != 'x'", "outcome != 'success'", "tags != 'three'", 'outcome != null'],
    ["tags != 'one'", "outcome != 'failure'", 'missing != null'],
  ],
  [
    'numbers are compared as numbers, text that is a number too',
    ['severity > 9', 'severity = 10.0', 'initiator/addresses/port <= 80', 'measurements/result = 3.5'],
    ['severity < 9', 'outcome > 0', 'missing < 1', 'empty = 0', 'flag = 1'],
  ],
  [
    'text is ordered by code points',
    ["severity < '9'", "outcome >= 'failure'", "emoji > '\uFFFD'"],
    ["severity > '9'", "outcome > 'failure'", "missing < 'x'", "emoji < '\uFFFD'"],
  ],
  [
    'times are instants whatever the zone, to the millisecond',
    [
      'eventTime = 2026-11-01T00:00:00.123Z',
      'eventTime >= 2026-11-01',
      "eventTime < '2026-11-01T00:00:01+00:00'",
      'eventTime > 2026-11-01T01:59:59+02:00',
      "eventTime in (2026-11-01T00:00:00.123Z, '2020-01-01T00:00:00Z')",
      '2026-11-02 > eventTime',
    ],
    ['eventTime < 2026-11-01', 'outcome > 2026-11-01', 'missing < 2026-11-01'],
  ],
  [
    'null is absent, null or an empty list; exists is the opposite',
    [
      'missing = null',
      'initiator/project_id = null',
      'none = null',
      'initiator exists',
      'empty exists',
      'missing in (1, null)',
    ],
    [
      'missing exists',
      'initiator/project_id exists',
      'none exists',
      'outcome = null',
      'outcome in (null)',
      'outcome/x exists',
    ],
  ],
  [
    'any element of a list matches, on the way and at the end',
    [
      "tags = 'two'",
      "initiator/addresses/url = 'http://b'",
      'nested = 3',
      "tags ^= 'tw'",
      "tags in ('x', 'one')",
    ],
    ["tags = 'three'", 'nested = 4'],
  ],
  [
    'a prefix is text at the beginning',
    ["initiator/typeURI ^= 'service/'", "outcome ^= ''", "severity ^= '1'"],
    ["outcome ^= 'Fail'", "missing ^= ''", "initiator ^= ''"],
  ],
  [
    'within is the node of the taxonomy itself or below',
    [
      "action within 'authenticate'",
      "action within 'authenticate/login'",
      "initiator/typeURI within 'service/security/'",
      "initiator/typeURI within 'data/security/account'",
      "action within 'http://schemas.dmtf.org/cloud/audit/1.0/taxonomy/action/authenticate'",
    ],
    ["action within 'auth'", "action within 'authenticate/login/x'", "missing within 'a'"],
  ],
  [
    'addresses are in ranges of IPv4 and IPv6',
    [
      "initiator/host/address in cidr('10.0.0.0/8')",
      "initiator/host/address in cidr('1.1.1.1', '10.1.2.3')",
      "initiator/host/address in cidr('::ffff:10.0.0.0/104')",
      "target/host/address in cidr('192.168.0.0/29', '192.168.0.8/29')",
      "initiator/host/address in cidr('0.0.0.0/0')",
    ],
    [
      "initiator/host/address in cidr('11.0.0.0/8')",
      "initiator/host/address in cidr('2001:db8::/32')",
      "outcome in cidr('::/0')",
    ],
  ],
  [
    'words are found in any case and any order, phrases in one value side by side',
    [
      "text ~ 'BOOT nova'",
      'text ~ \'"nova api boot"\'',
      "text ~ 'curl login'",
      "target/name ~ 'disk'",
      "target ~ 'nova'",
      "tags ~ 'two one'",
      "text ~ '80 true'",
    ],
    [
      'text ~ \'"api nova"\'',
      "text ~ 'nov'",
      'tags ~ \'"one two"\'',
      "target/name ~ 'curl'",
      "text ~ 'nova absent'",
    ],
  ],
  [
    'members every object inherits are no members of the event',
    ['constructor = null', '`__proto__` = null'],
    ['constructor exists', 'toString/name exists', 'initiator/hasOwnProperty exists'],
  ],
])('%s', (_title, yes, no) => {
  test.each([...yes])('passes: %s', (text) => expect(passes(text)).toBe(true));
  test.each([...no])('does not pass: %s', (text) => expect(passes(text)).toBe(false));
});

test('IPv6 addresses are read in all their forms', () => {
  const at = (address: string, range: string): boolean => passes(`a in cidr('${range}')`, { a: address });
  expect(at('2001:DB8::1', '2001:db8::/32')).toBe(true);
  expect(at('2001:db8:0:0:0:0:0:1', '2001:db8::1')).toBe(true);
  expect(at('2001:db9::', '2001:db8::/31')).toBe(true);
  expect(at('2001:db9::', '2001:db8::/32')).toBe(false);
  expect(at('::', '::/128')).toBe(true);
  for (const wrong of [
    '1::2::3',
    '1:2:3:4:5:6:7',
    ':1',
    '10.0.0.256',
    '10.0.0',
    '010.0.0.1',
    '::1.2.3.4:5',
    'fe80::1%eth0',
  ])
    expect(at(wrong, wrong.includes(':') ? '::/0' : '0.0.0.0/0'), wrong).toBe(false);
});

test('what is no event passes nothing but what asks for absence', () => {
  for (const subject of [null, 'x', 7, []]) {
    expect(passes("outcome = 'x'", subject)).toBe(false);
    expect(passes('outcome = null', subject)).toBe(true);
  }
});
