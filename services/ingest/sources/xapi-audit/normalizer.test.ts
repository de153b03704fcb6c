import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createNormalizer } from './normalizer.ts';
import { callMeaning } from './calls.ts';
import { clientAddress, readPrefix } from './prefix.ts';

const idOf = (text: string): string | undefined => {
  const [outcome] = createNormalizer({ sourceName: 's' }).push({ text, receivedMs: 0 });
  return outcome?.kind === 'event' ? outcome.event.id : outcome?.kind;
};

test("the coordinator's copy of a record, with names filled in, is the same event", () => {
  const prefix = '[20261120T18:10:01.000Z|audit|xs-a|7 |VM.start R:01|audit] ';
  const head = "('trackid=1' 'S-1-5-21-1' 'EX/a' 'ALLOWED' 'OK' 'API' 'VM.start' ";
  const member = `${prefix}${head}(('vm' '' '' 'OpaqueRef:1')))`;
  const coordinator = `Nov 20 18:10:01 xs-b xapi: ${prefix}${head}(('vm' 'web' '11' 'OpaqueRef:1')))`;
  expect(idOf(member)).toBe(idOf(coordinator));
  expect(idOf(member)).not.toBe(idOf(member.replace('OpaqueRef:1', 'OpaqueRef:2')));
});

test('both forms of the prefix are read, and a padded level', () => {
  expect(readPrefix('[20261120T18:10:01.123Z| info|xs|12 |VM.start R:1|xapi] x')).toMatchObject({
    epochMs: Date.UTC(2026, 10, 20, 18, 10, 1, 123),
    level: 'info',
    host: 'xs',
    message: 'x',
  });
  expect(readPrefix('[2026-11-20T18:10:01.123Z|audit||12 INET :::80||audit] x')).toMatchObject({
    epochMs: Date.UTC(2026, 10, 20, 18, 10, 1, 123),
    host: undefined,
    brand: 'audit',
  });
  expect(readPrefix('[debug||12 ||xapi] x')).toMatchObject({ epochMs: undefined, level: 'debug' });
  expect(readPrefix('[a] x')).toBeUndefined();
});

test('the address of a client is taken, the one of the listening socket is not', () => {
  expect(clientAddress('12 HTTPS 192.0.2.7->:::80')).toBe('192.0.2.7');
  expect(clientAddress('12 192.0.2.7:40312->INET 192.0.2.5:443')).toBe('192.0.2.7');
  expect(clientAddress('12 HTTPS 2001:db8::7->:::80')).toBe('2001:db8::7');
  expect(clientAddress('12 INET 192.0.2.5:443')).toBeUndefined();
});

test.each([
  ['VM.start_on', 'start'],
  ['VM.power_state_reset', 'stop'],
  ['VM.checkpoint', 'capture'],
  ['VM.migrate_send', 'update/migrate'],
  ['VM.assert_agile', 'evaluate'],
  ['VDI.introduce', 'deploy/register'],
  ['pool.sync_database', 'update'],
  ['pool_update.pool_apply', 'deploy'],
  ['host.apply_edition', 'update'],
  ['VM.import_convert', 'create'],
  ['http/put_import_metadata', 'create'],
  ['toString.valueOf', 'unknown'],
])('%s is %s', (call, action) => {
  expect(callMeaning(call).action).toBe(action);
});

test('any text ends in exactly one outcome', () => {
  const pieces = fc.constantFrom(
    '[20261120T18:10:01.000Z|',
    'audit|',
    '|audit] ',
    "('trackid=1' ",
    "'a' ",
    '(',
    ')',
    '\\',
    "'ALLOWED' ",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 16 }), (parts) => {
      const outcomes = createNormalizer({ sourceName: 's' }).push({ text: parts.join(''), receivedMs: 0 });
      expect(outcomes.flatMap(({ records }) => records)).toHaveLength(1);
    }),
  );
});
