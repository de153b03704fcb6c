/** Filters of the names and values that the events of arbitrary-event-text.ts have. */
import fc from 'fast-check';
import { NAMES, roleName, text } from './arbitrary-event-text.ts';

const path = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      ...NAMES,
      'id',
      'reason/reasonCode',
      'tags',
      'other',
      'reporterTime',
      'reason',
      'eventTime',
      'missing',
    ),
  },
  {
    weight: 5,
    arbitrary: fc
      .tuple(
        roleName,
        fc.constantFrom(
          'id',
          'typeURI',
          'name',
          'project_id',
          'domain',
          'host/address',
          'host/agent',
          'x',
          'host',
        ),
      )
      .map((steps) => steps.join('/')),
  },
  { weight: 1, arbitrary: roleName },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'other/a',
      'other/a/b',
      '`größe`/`name`',
      'other/constructor',
      'other/__proto__',
      "other/`it's`",
      'other/``',
      'name/x',
      'attachments/a',
    ),
  },
);
const quoted = fc
  .oneof(text, fc.constantFrom('e-1', 'e-', 'x y', '1.5'))
  .map((each) => `'${each.replaceAll("'", "''")}'`);
const number = fc.constantFrom(
  '1',
  '200',
  '0',
  '-1',
  '0.1',
  '3.0000000000000004',
  '1.5',
  '1e21',
  '9007199254740991',
  '1e-7',
  '200.5',
);
const time = fc.constantFrom(
  '2026-11-01',
  '2026-11-01T00:00:00.123Z',
  '1970-01-01',
  '1900-01-01',
  '2026-10-31T23:59:59.999Z',
  '2017-01-01T00:00:00Z',
  '2026-11-02',
  '2026-11-01T00:00:00.5+00:00',
);
const constant = fc.constantFrom('true', 'false', 'null');
const literal = fc.oneof(
  { weight: 5, arbitrary: quoted },
  { weight: 2, arbitrary: number },
  { weight: 1, arbitrary: time },
  { weight: 1, arbitrary: constant },
);
const WORDS = [
  'x',
  'nova',
  '"nova boot"',
  'boot api',
  '200',
  'true',
  '1',
  '日本',
  'istanbul',
  'K',
  'k',
  'ΣΑΣ',
  '"σας"',
  'ß',
  'Ü',
  '10',
  '2026',
  '00',
  'e',
  'root',
  '😀',
  'it',
  'a',
  'infinity',
  '5',
  '21',
  'reasonCode',
  'unknown',
  '123456',
  '0000',
  'dmtf',
  'u0078',
];
const words = fc
  .array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 2 })
  .map((each) => `'${each.join(' ')}'`);
const cidr = fc.array(
  fc.constantFrom(
    "'10.0.0.0/8'",
    "'2001:db8::/32'",
    "'::/0'",
    "'0.0.0.0/0'",
    "'10.0.0.1'",
    "'::ffff:10.0.0.0/104'",
    "'10.0.0.3/30'",
    "'::/127'",
  ),
  { minLength: 1, maxLength: 2 },
);

const question = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(path, fc.constantFrom('=', '!=', '='), literal).map((parts) => parts.join(' ')),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(path, fc.constantFrom('<', '<=', '>', '>='), fc.oneof(quoted, number, time))
      .map((parts) => parts.join(' ')),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(path, fc.array(literal, { minLength: 1, maxLength: 4 }))
      .map(([at, values]) => `${at} in (${values.join(', ')})`),
  },
  { weight: 2, arbitrary: fc.tuple(path, quoted).map(([at, each]) => `${at} ^= ${each}`) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.oneof(path, fc.constantFrom('action', 'outcome', 'initiator/typeURI', 'target/typeURI')),
        quoted,
      )
      .map(([at, each]) => `${at} within ${each}`),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.oneof(path, fc.constantFrom('initiator/host/address')), cidr)
      .map(([at, ranges]) => `${at} in cidr(${ranges.join(', ')})`),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.oneof(path, fc.constant('text')), words).map(([at, each]) => `${at} ~ ${each}`),
  },
  { weight: 2, arbitrary: path.map((at) => `${at} exists`) },
);

/** The text of a filter; `parseFilter` may refuse it (a text beside a time that is none). */
export const arbitraryFilterText: fc.Arbitrary<string> = fc.letrec<{ filter: string }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 4, arbitrary: question },
    { weight: 1, arbitrary: tie('filter').map((inner) => `not (${inner})`) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(tie('filter'), fc.constantFrom('and', 'or'), tie('filter'))
        .map(([left, joint, right]) => `(${left}) ${joint} (${right})`),
    },
  ),
})).filter;
