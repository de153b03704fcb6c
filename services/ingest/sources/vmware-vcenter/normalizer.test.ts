import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Outcome, RawRecord } from '../../src/source.ts';
import { createNormalizer } from './normalizer.ts';

const record = (text: string): RawRecord => ({ text, receivedMs: 1_795_219_200_000 });
const line = (key: number, part: string, message: string, end = ']'): string =>
  `<14>1 2026-09-01T13:02:00.000000+02:00 vc1 vpxd 1 - -  Event [${key}] [${part}] [2026-09-01T11:02:00.5Z] [vim.event.VmReconfiguredEvent] [info] [ops] [DC] [7] [${message}${end}`;
function outcomes(texts: readonly string[]): Outcome[] {
  const normalizer = createNormalizer({ sourceName: 's' });
  const all = [...texts.flatMap((text) => normalizer.push(record(text))), ...normalizer.flush()];
  expect(normalizer.held).toBe(0);
  return all;
}
const ids = (all: readonly Outcome[]): (string | undefined)[] =>
  all.map((outcome) => (outcome.kind === 'event' ? outcome.event.id : undefined));

test('parts make one event in whatever order they come, the same as the whole', () => {
  const [one, two, three] = [
    line(1, '1-3', 'Reconfigured a'),
    line(1, '2-3', ' on esx'),
    line(1, '3-3', '1 in DC.'),
  ];
  const whole = outcomes([line(1, '1-1', 'Reconfigured a on esx1 in DC.')]);
  expect(whole).toHaveLength(1);
  for (const order of [
    [one, two, three],
    [three, one, two],
  ]) {
    const joined = outcomes(order);
    expect(joined).toMatchObject([{ kind: 'event', event: { target: { name: 'a' } } }]);
    expect(ids(joined)).toEqual(ids(whole));
  }
});

test('a part that comes again, or late, is told once', () => {
  const late = line(1, '2-3', ' on esx').replace('11:02:00.5Z', '11:22:00.5Z');
  for (const texts of [
    [line(1, '1-3', 'a').replace('2026-09-01T11:02:00.5Z', 'no time'), line(1, '1-3', 'a')],
    [line(1, '1-3', 'a'), line(1, '1-3', 'a').replace('11:02:00.5Z', '11:22:00.5Z')],
    [line(1, '1-3', 'a'), late],
  ])
    expect(outcomes(texts).flatMap(({ records }) => records)).toHaveLength(texts.length);
});

test('the same event by syslog and by the API is one', () => {
  const api = JSON.stringify({
    Key: 1,
    ChainId: 7,
    CreatedTime: '2026-09-01T11:02:00.5Z',
    UserName: 'ops',
    FullFormattedMessage: 'Reconfigured a on esx1 in DC.',
    Arguments: [{ Key: '_sourcehost_', Value: 'vc1' }],
  });
  expect(ids(outcomes([api]))).toEqual(ids(outcomes([line(1, '1-1', 'Reconfigured a on esx1 in DC.')])));
});

test('lines behind a message without its bracket belong to it until the bracket comes', () => {
  const all = outcomes([
    line(1, '1-1', 'Reconfigured a on esx1 in DC.', ''),
    'Modified:',
    'x: 1 -> 2]',
    line(2, '1-1', 'b'),
  ]);
  expect(all.map(({ records }) => records.length)).toEqual([3, 1]);
});

test('no text makes it throw, and each record is in exactly one outcome', () => {
  const parts = fc.constantFrom(
    'Event [',
    '1] [',
    '1-1] [',
    '1-2] [',
    '2026-09-01T11:02:00Z] [',
    'vim.event.EventEx] [',
    'info] [',
    '] [',
    ']',
    '{"Key":1,',
    '"CreatedTime":"x"}',
    '[{}]',
    '<14>1 ',
    'User a@1 logged in',
    '"type":"com.vmware.sso.x"',
    '\n',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(parts, { maxLength: 14 }).map((list) => list.join('')),
  );
  fc.assert(
    fc.property(fc.array(text, { maxLength: 12 }), (texts) => {
      const used = outcomes(texts).flatMap(({ records }) => records);
      expect(used).toHaveLength(texts.length);
      expect(new Set(used).size).toBe(texts.length);
    }),
    { numRuns: 200 },
  );
});
