import { describe, expect, test } from 'vitest';
import type { RedactionRule } from './rule.ts';
import { compileRedaction } from './redact.ts';
import type { RedactionOutcome } from './redact.ts';

const key = new Uint8Array(32).fill(1);
const rule = (action: RedactionRule['action'], ...paths: string[]): RedactionRule => ({
  id: action,
  action,
  paths,
});

function redact(event: unknown, ...rules: RedactionRule[]): RedactionOutcome {
  return compileRedaction(rules, key).redact(typeof event === 'string' ? event : JSON.stringify(event));
}

function left(event: unknown, ...rules: RedactionRule[]): unknown {
  const outcome = redact(event, ...rules);
  if (!outcome.ok) throw new Error(outcome.code);
  return JSON.parse(outcome.text);
}

const hashOfAlice = 'hmac-sha256:';

describe('what becomes of a value', () => {
  const initiator = { id: 'u-1', typeURI: 'data/security', name: 'alice', host: { address: '10.1.2.3' } };

  test('an optional member goes, a required one is masked', () => {
    expect(left({ initiator }, rule('remove', 'initiator/name', 'initiator/id'))).toEqual({
      initiator: { id: '***', typeURI: 'data/security', host: { address: '10.1.2.3' } },
    });
  });

  test('a role is redacted through and through, and stays a resource', () => {
    expect(left({ initiator, initiatorId: 'x-12' }, rule('remove', 'initiator'))).toEqual({
      initiator: { id: '***', typeURI: 'unknown' },
      initiatorId: '***',
    });
  });

  test('a hash says what it is; equal values are equal under one key only', () => {
    const event = { initiator, target: { name: 'alice' } };
    const outcome = left(event, rule('hash', 'initiator/name', 'target/name'));
    const [first, second] = [
      (outcome as { initiator: { name: string } }).initiator.name,
      (outcome as { target: { name: string } }).target.name,
    ];
    expect(first).toMatch(/^hmac-sha256:[\w-]{43}$/);
    expect(second).toBe(first);
    const other = compileRedaction([rule('hash', 'initiator/name')], new Uint8Array(32).fill(2));
    expect(JSON.stringify(other.redact(JSON.stringify(event)))).not.toContain(first);
  });

  test.each([
    ['10.1.2.3', {}, '10.1.2.0/24'],
    ['10.1.2.3', { ipv4Prefix: 12 }, '10.0.0.0/12'],
    ['::ffff:10.1.2.3', {}, '10.1.2.0/24'],
    ['2001:db8:1:2::3', {}, '2001:db8:1::/48'],
    ['2001:db8:1:2::3', { ipv6Prefix: 0 }, '::/0'],
    ['2001:db8:1:2:3:4:5:6', { ipv6Prefix: 120 }, '2001:db8:1:2:3:4:5:0/120'.replace(':0/', '::/')],
    ['host-7.example', {}, '***'],
  ])('%s is generalised by %j to %s', (address, prefixes, expected) => {
    const rules = { ...rule('generalise', 'initiator/host/address'), ...prefixes };
    expect(left({ initiator: { host: { address } } }, rules)).toEqual({
      initiator: { host: { address: expected } },
    });
  });

  test('every address, wherever it is, also in JSON in a text', () => {
    const event = { x: ['10.1.2.3', 'at 10.1.2.3'], attachments: [{ content: '{"ip":"10.9.9.9"}' }] };
    expect(left(event, { ...rule('generalise'), everyAddress: true })).toEqual({
      x: ['10.1.2.0/24', 'at ***'],
      attachments: [{ content: '{"ip":"10.9.9.0/24"}' }],
    });
  });

  test('the strictest rule acts, and only rules that changed something are named', () => {
    const rules = [rule('hash', 'initiator/name'), rule('remove', 'initiator/name'), rule('mask', 'nothing')];
    expect(redact({ initiator: { name: 'alice' } }, ...rules)).toEqual({
      ok: true,
      text: '{"initiator":{}}',
      rules: ['remove'],
    });
  });

  test('a rule with a filter acts on events that pass', () => {
    const rules = { ...rule('remove', 'initiator/name'), where: "outcome = 'failure'" };
    expect(left({ initiator, outcome: 'success' }, rules)).toEqual({ initiator, outcome: 'success' });
    expect(redact({ initiator, outcome: 'failure' }, rules)).toMatchObject({ rules: ['remove'] });
  });

  test('a path means what the filter language means: the role pointed at, lists, ids beside the role', () => {
    const event = { initiator: { id: 'target' }, target: { id: 't-1', typeURI: 'data', name: 'alice' } };
    expect(left(event, rule('mask', 'initiator/name'))).toEqual({
      ...event,
      target: { ...event.target, name: '***' },
    });
    expect(left({ initiatorId: 'u-123' }, rule('mask', 'initiator/id'))).toEqual({ initiatorId: '***' });
    expect(
      left({ target: { addresses: [{ url: 'a' }, { url: 'b' }] } }, rule('mask', 'target/addresses/url')),
    ).toEqual({ target: { addresses: [{ url: '***' }, { url: '***' }] } });
  });

  test('all else stays as it was written', () => {
    const text = ' { "big" : 12345678901234567890, "name":"secret" ,\t"n": 1.50e3 }\n';
    expect(redact(text, rule('remove', 'name'))).toMatchObject({
      text: ' { "big" : 12345678901234567890 ,\t"n": 1.50e3 }\n',
    });
    expect(redact('{"name":"x","b":1,"name":"y"}', rule('remove', 'name'))).toMatchObject({
      text: '{"b":1}',
    });
    expect(redact('{"a":1}', rule('remove', 'name'))).toEqual({ ok: true, text: '{"a":1}', rules: [] });
  });
});

describe('copies of a value', () => {
  const copies: readonly (readonly [string, unknown, unknown])[] = [
    ['a whole text gets the same', 'alice', expect.stringContaining(hashOfAlice)],
    ['in another case', 'ALICE', expect.stringContaining(hashOfAlice)],
    ['within a text', 'user alice did', 'user *** did'],
    ['as a name', { alice: 1 }, { [String(expectedHash())]: 1 }],
    ['in JSON in a text', '{"a":["alice",{"b":"x alice"}]}', `{"a":["${expectedHash()}",{"b":"x ***"}]}`],
    ['escaped in JSON in a text', '{"a":"\\u0061lice"}', `{"a":"${expectedHash()}"}`],
    ['escaped in a text that is no JSON', 'x \\u0061lice', '***'],
    ['percent-encoded', '/users/%61lice', '***'],
    ['percent-encoded twice', '/users/%2561lice', '***'],
    ['as markup', '&#97;lice', '***'],
    ['in base64', `Basic ${Buffer.from('x:alice').toString('base64')}`, '***'],
    ['in base64 of URLs', Buffer.from('??alice??>>').toString('base64url'), '***'],
  ];

  test.each(copies)('%s', (_, copy, expected) => {
    const event = { initiator: { name: 'alice' }, attachments: [{ content: copy }] };
    expect(left(event, rule('hash', 'initiator/name'))).toMatchObject({
      attachments: [{ content: expected }],
    });
  });

  test('with blanks as +, with other letters, numbers, short ones only as a whole', () => {
    const taken = (value: unknown, copy: unknown): unknown =>
      (left({ a: value, b: copy }, rule('mask', 'a')) as { b: unknown }).b;
    expect(taken('Alice Smith', '/u?n=alice+smith')).toBe('***');
    expect(taken('ÄRGER', 'kein ärger')).toBe('kein ***');
    expect(taken('İstanbul', 'in İSTANBUL')).toBe('***');
    expect(taken(123_456, 'port 123456')).toBe('port ***');
    expect(taken('123456', 123_456)).toBe('***');
    expect(taken('bob', 'bob')).toBe('***');
    expect(taken('bob', 'bobsleigh')).toBe('bobsleigh');
    expect(taken({ deep: ['inner'] }, 'the inner one')).toBe('the *** one');
    expect(taken('{"in":"inner"}', 'the inner one')).toBe('the *** one');
  });

  test('words of the standard are no copies', () => {
    const event = {
      eventType: 'activity',
      action: 'read',
      initiator: { typeURI: 'data/security/alice', name: 'read' },
    };
    expect(left(event, rule('mask', 'initiator/name'))).toEqual({
      ...event,
      initiator: { ...event.initiator, name: '***' },
    });
    expect(left({ ...event, target: { name: 'alice' } }, rule('mask', 'target/name'))).toMatchObject({
      initiator: { typeURI: 'data/security' },
    });
  });
});

describe('an event that cannot be redacted is not passed on', () => {
  test.each([
    ['{"a":', 'REDACTION_NOT_AN_EVENT'],
    ['[1]', 'REDACTION_NOT_AN_EVENT'],
    [`${'{"a":'.repeat(65)}1${'}'.repeat(65)}`, 'REDACTION_TOO_DEEP'],
    [JSON.stringify({ name: 'alice', id: 'urn:user:alice:7' }), 'REDACTION_VALUE_IN_ID'],
    [JSON.stringify({ name: Array.from({ length: 1001 }, (_, n) => `v-${n}`) }), 'REDACTION_TOO_MANY_VALUES'],
  ])('%.60s', (text, code) => {
    expect(redact(text, rule('mask', 'name'))).toMatchObject({ ok: false, code });
  });

  test('though an id may have four letters of it by chance', () => {
    const event = { name: 'beef', id: '0a1b2c3d-beef-4000-8000-0123456789ab' };
    expect(redact(event, rule('mask', 'name'))).toMatchObject({ ok: true });
  });
});

describe('rules that are none', () => {
  test.each([
    [rule('remove', 'id'), 'REDACTION_PATH_FIXED', '/0/paths/0'],
    [rule('mask', 'initiator/name', 'eventTime'), 'REDACTION_PATH_FIXED', '/0/paths/1'],
    [rule('mask', 'reporterchain'), 'REDACTION_PATH_FIXED', '/0/paths/0'],
    [rule('mask', 'reporterchain/reporter/id'), 'REDACTION_PATH_FIXED', '/0/paths/0'],
    [rule('mask', 'initator/name'), 'REDACTION_PATH_INVALID', '/0/paths/0'],
    [rule('mask', 'name exists or severity'), 'REDACTION_PATH_INVALID', '/0/paths/0'],
    [rule('mask', 'name/**'), 'REDACTION_PATH_INVALID', '/0/paths/0'],
    [rule('mask'), 'REDACTION_PATHS_MISSING', '/0/paths'],
    [{ ...rule('mask', 'name'), where: 'a =' }, 'REDACTION_FILTER_INVALID', '/0/where'],
    [{ ...rule('mask', 'name'), ipv4Prefix: 8 }, 'REDACTION_OPTION_MISPLACED', '/0/ipv4Prefix'],
  ])('%j', (wrong, code, pointer) => {
    expect(() => compileRedaction([wrong], key)).toThrow(
      expect.objectContaining({ faults: [expect.objectContaining({ code, pointer })] }),
    );
  });

  test('two of one id; a key that is too short', () => {
    const twice = [rule('mask', 'name'), rule('mask', 'severity')];
    expect(() => compileRedaction(twice, key)).toThrow('another rule mask');
    expect(() => compileRedaction([], new Uint8Array(31))).toThrow(RangeError);
  });
});

function expectedHash(): string {
  const outcome = redact({ name: 'alice' }, rule('hash', 'name'));
  return outcome.ok ? String(JSON.parse(outcome.text).name) : '';
}
