/** Events written by somebody who wants a value to be seen, or the feed to stop. */
import { describe, expect, test } from 'vitest';
import { compileRedaction } from './index.ts';
import type { RedactionOutcome } from './index.ts';

const NAME = 'alice.smith';
const redaction = compileRedaction(
  [{ id: 'names', action: 'mask', paths: ['initiator/name'] }],
  new Uint8Array(32).fill(7),
);
const event = {
  typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
  id: 'e-1',
  eventType: 'activity',
  eventTime: '2026-01-01T00:00:00Z',
  action: 'read',
  outcome: 'success',
};

function redact(members: object, name = NAME): RedactionOutcome {
  return redaction.redact(JSON.stringify({ ...event, initiator: { id: 'u-1', name }, ...members }));
}

function left(members: object, name = NAME): Record<string, unknown> {
  const outcome = redact(members, name);
  if (!outcome.ok) throw new Error(outcome.code);
  return JSON.parse(outcome.text);
}

describe('what identifies an event', () => {
  test('keeps of an action and an outcome what is the standard’s', () => {
    expect(left({ action: `update/${NAME}`, outcome: NAME })).toMatchObject({
      action: 'update',
      outcome: 'unknown',
    });
    expect(left({ action: 'update/server' })).toMatchObject({ action: 'update/server' });
    expect(left({ action: 'create' }, 'create')).toMatchObject({ action: 'create' });
  });

  test.each([
    { id: NAME },
    { id: 'urn:x:alice%2Esmith' },
    { id: `urn:x:${Buffer.from(NAME).toString('base64url')}` },
    { id: { of: NAME } },
    { id: [NAME] },
    { typeURI: `http://x/${NAME}` },
    { eventType: NAME },
    { eventTime: { [NAME]: 1 } },
    { action: [NAME] },
    { reporterchain: [{ role: NAME, reporterTime: event.eventTime, reporterId: 'r' }] },
  ])('with a copy in it the event is not passed on: %j', (members) => {
    expect(redact(members)).toMatchObject({ ok: false, code: 'REDACTION_VALUE_IN_ID' });
  });

  test('also where it is given twice, and in a number', () => {
    const twice = JSON.stringify({ initiator: { name: NAME }, id: 'e-1' }).replace(
      '"id"',
      `"id":"${NAME}","id"`,
    );
    expect(redaction.redact(twice)).toMatchObject({ code: 'REDACTION_VALUE_IN_ID' });
    expect(redact({ id: 12345678 }, '12345678')).toMatchObject({ code: 'REDACTION_VALUE_IN_ID' });
  });

  test('words of the standard are nobody’s, also for who calls himself so', () => {
    for (const name of ['read', 'success', 'activity', '2026-01-01T00:00:00Z'])
      expect(left({}, name)).toMatchObject(event);
  });
});

describe('copies that are written in another way', () => {
  test.each([
    ['without blanks', ` ${NAME}\n`, NAME],
    ['in wide letters', NAME, 'ａｌｉｃｅ．ｓｍｉｔｈ'],
    ['with characters that do not show', NAME, 'by al\u00adice\u200b.smith'],
    ['decomposed', 'jos\u00e9.mart', 'by jose\u0301.mart'],
    ['composed', 'jose\u0301.mart', 'by jos\u00e9.mart'],
    ['with a letter that is two when it is large', 'STRASSE1', 'in stra\u00dfe1'],
    ['and the other way round', 'stra\u00dfe1', 'in STRASSE1'],
    ['as markup without semicolons', NAME, 'alice&#46smith'],
    ['as markup with names', NAME, 'alice&period;smith'],
    ['as JavaScript', NAME, String.raw`\u{61}lice.smith`],
    ['as C', NAME, String.raw`\141lice.smith`],
    ['in lines of base64', NAME, mimeOf(`hello, this is ${NAME}, and more`)],
  ])('%s', (_, name, copy) => {
    expect(left({ note: copy }, name)).toMatchObject({ note: '***' });
  });
});

test('names of members that are all the same once copies are gone take no square time', () => {
  const name = 'alicesmithjonesandco';
  const spelled = (number: number): string =>
    Array.from(name, (letter, at) => ((number >> at) & 1 ? letter.toUpperCase() : letter)).join('');
  const note = Object.fromEntries(Array.from({ length: 5000 }, (_, number) => [spelled(number), number]));
  const started = process.cpuUsage();
  const names = Object.entries(left({ note: { ...note, '***~3': -1 } }, name)['note'] ?? {});
  expect(process.cpuUsage(started).user).toBeLessThan(2_000_000);
  expect(names.length).toBe(5001);
  expect(names.slice(0, 3)).toEqual([
    ['***', 0],
    ['***~2', 1],
    ['***~4', 2],
  ]);
});

function mimeOf(text: string): string {
  return Buffer.from(text).toString('base64').replaceAll(/.{19}/g, '$&\r\n');
}
