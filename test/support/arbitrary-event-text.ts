/** Events of few names and values, so that the filters of arbitrary-filter.ts are often nearly true of them. */
import fc from 'fast-check';

const TEXTS = [
  'x',
  'X',
  'xy',
  '',
  "it's",
  '\\',
  '{filter_0: String}',
  '200',
  '2e2',
  '200.0',
  '-',
  'true',
  'null',
  'ü😀',
  'Ü',
  '\uFFFD',
  '\u001f',
  '\u001e\u0001',
  '\n',
  'root',
  'Root ADMIN',
  'nova-boot',
  'NOVA boot api',
  'İstanbul',
  'istanbul',
  'K',
  'k',
  'ΣΑΣ σας',
  'ß SS',
  '日本 語',
  'a\u0000b',
  '10.0.0.1',
  '10.255.255.255',
  '11.0.0.0',
  '::ffff:10.0.0.1',
  '2001:db8::1',
  '2001:DB8:0:0:0:0:0:1',
  'fe80::1%eth0',
  '010.0.0.1',
  '1::2:3:4:5:6:7:8',
  '1:2:3:4:5:6:7::',
  '::',
  ':::',
  '1.2.3',
  '::1.2.3.4',
  '::ffff:1.2.3.256',
  '12345::',
  'read',
  'read/list',
  'READ/List',
  'list',
  'created.project',
  'create/project',
  'Create/Ä',
  'create',
  'authenticate/logon',
  'authenticate/login',
  'success',
  'SUCCESS',
  'failure/x',
  'http://schemas.dmtf.org/cloud/audit/1.0/taxonomy/action/read',
  'https://schemas.dmtf.org/cloud/audit/1.0/taxonomy/outcome/success',
  'http://schemas.dmtf.org/cloud/audit/1.0/taxonomy/action/created.x y',
  'security/account',
  'data/security/account/user',
  'DATA/security',
  'service/storage/image/x',
  'unknown',
  'x//y',
  'taſk',
  '2026-11-01T00:00:00Z',
  '2026-11-01T02:00:00.123456+02:00',
  ' 2026-11-01 00:00:00,5 UTC\u00a0',
  '2016-12-31T23:59:60+00:00',
  '2026-11-01T24:00:00.0001Z',
  '2026-02-29T00:00:00Z',
  '2026-11-01T00:00:00+1401',
  '0000-01-01T00:00:00Z',
  '2026-11-01T00:00:00.+02',
  '2026-11-01',
  '1',
  '1.0',
  '01',
  '-0',
  '1e400',
  '9007199254740993',
  '0.1',
  '3.0000000000000004',
  '1e21',
  '1e+21',
  '0.000001',
  '1e-7',
  'Infinity',
  'target',
  'initiator',
  'observer',
  'u-1',
];
const RAW = [
  '2e2',
  '200',
  '-0',
  '-0.0',
  'true',
  'false',
  'null',
  '1.50',
  '1e400',
  '-1e400',
  '1e21',
  '1E-7',
  '12345678901234567890',
  '18446744073709551616',
  '123456789012345678901234567890',
  '-9223372036854775809',
  '9007199254740993',
  '0.1',
  '3.0000000000000004',
  '0.1000000000000000055',
  '5e-324',
  '1e-400',
  '123456789012345680000',
  '"\\ud800"',
  '"\\udc00\\ud83d\\ude00\\\\ud800"',
  '"\\u0078"',
  '"\\ud83d\\ude00"',
  '"\\/\\b\\t"',
  '"x\\u0000y"',
  '"\\ud83dx 1e999"',
];
/** Members of an event. */
export const NAMES = ['action', 'outcome', 'eventType', 'severity', 'name', 'requestPath'];

export const text = fc.constantFrom(...TEXTS);
const leaf = fc.oneof(
  { weight: 4, arbitrary: text.map((each) => JSON.stringify(each)) },
  { weight: 2, arbitrary: fc.constantFrom(...RAW) },
  {
    weight: 1,
    arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => JSON.stringify(each)),
  },
);

const { value, object } = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 8, arbitrary: leaf },
    {
      weight: 1,
      arbitrary: fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    },
    { weight: 1, arbitrary: tie('object') },
  ),
  object: members(
    fc.constantFrom('a', 'b', 'x', 'name', 'größe', 'constructor', '__proto__', "it's", ''),
    tie('value'),
    3,
  ),
}));

/** Members may come twice: the last counts. */
function members(
  names: fc.Arbitrary<string>,
  values: fc.Arbitrary<string>,
  maxLength: number,
): fc.Arbitrary<string> {
  return fc
    .array(fc.tuple(names, values), { maxLength })
    .map((pairs) => `{${pairs.map(([name, each]) => `${JSON.stringify(name)}:${each}`).join(', ')}}`);
}

const host = members(fc.constantFrom('address', 'agent', 'x'), value, 3);
export const roleName = fc.constantFrom('initiator', 'target', 'observer');
const role = fc.oneof(
  roleName.map((name) => `{"id":"${name}"}`),
  fc
    .tuple(roleName, fc.constantFrom('"unknown"', '"x"', '""', 'null', '[]', '0'), leaf)
    .map(([name, type, called]) => `{"id":"${name}","typeURI":${type},"name":${called}}`),
  fc
    .tuple(
      fc.array(fc.tuple(fc.constantFrom('id', 'typeURI', 'name', 'project_id', 'domain', 'x'), value), {
        maxLength: 5,
      }),
      fc.option(fc.oneof({ weight: 3, arbitrary: host }, value)),
    )
    .map(
      ([pairs, at]) =>
        `{${[...pairs, ...(at === null ? [] : [['host', at] as const])].map(([name, each]) => `"${name}":${each}`).join(',')}}`,
    ),
  value,
);
const EVENT_TIMES = [
  '2026-11-01T00:00:00.000000+0000',
  '2026-11-01T02:00:00.123456+02:00',
  '2026-10-31T23:59:59.999999Z',
  '1969-12-31T23:59:59.5+00:00',
  '1850-01-01T00:00:00+00:00',
  '2026-11-01 00:00:00,123 UTC',
];

const member = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constantFrom(...NAMES), value) },
  { weight: 4, arbitrary: fc.tuple(roleName, role) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('initiatorId', 'targetId', 'observerId'), value) },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constant('reason'),
      fc.oneof(
        value.map((each) => `{"reasonCode":${each}}`),
        value,
      ),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(
      fc.constant('tags'),
      fc.oneof(
        fc.array(leaf, { maxLength: 7 }).map((items) => `[${items.join(',')}]`),
        value,
      ),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(
      fc.constantFrom('other', 'größe', 'attachments', 'reporterTime'),
      fc.oneof(value, object),
    ),
  },
);

/** The JSON text of an event, of its id. Some are made of others by another value only, so that they share a shape. */
export const arbitraryEventText: fc.Arbitrary<(id: string) => string> = fc
  .tuple(fc.constantFrom(...EVENT_TIMES), fc.array(member, { maxLength: 7 }), fc.constantFrom('', ' ', '\n'))
  .map(
    ([time, pairs, blank]) =>
      (id) =>
        `{"id":"${id}",${blank}"eventTime":"${time}"${pairs.map(([name, each]) => `,${blank}"${name}":${blank}${each}`).join('')}}`,
  );
