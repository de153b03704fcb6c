/** What redaction guarantees (docs/redaction.md), on random events, rules and places of copies, and on real ones. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { isMembers, isValid, validateEvent } from '@cadf-pipeline/cadf-model';
import type { Members } from '@cadf-pipeline/cadf-model';
import { arbitraryEvent } from '../../../test/support/arbitrary-event.ts';
import { compileRedaction } from './redact.ts';
import type { RedactionRule } from './rule.ts';

const key = new Uint8Array(32).fill(7);
const PARTS =
  `id typeURI name domain credential credential/token credential/assertions addresses addresses/url host
  host/id host/address host/agent project_id geolocation geolocation/latitude geolocation/longitude geolocation/city
  geolocation/annotations geolocation/annotations/value attachments attachments/content attachments/name
  attachments/contentType`.split(/\s+/);
const OTHERS =
  `initiator target observer reason reason/reasonType reason/policyId measurements measurements/result
  measurements/metric measurements/metric/unit measurements/calculatedBy measurements/metricId name severity duration
  tags attachments attachments/content attachments/content/a reporterchain/reporter/name reporterchain/reporterTime
  reporterchain/attachments/content`.split(/\s+/);
const PATHS = [
  ...['initiator', 'target', 'observer'].flatMap((role) => PARTS.map((part) => `${role}/${part}`)),
  ...OTHERS,
];

const rules = fc
  .array(
    fc.record({
      action: fc.constantFrom('remove' as const, 'mask' as const, 'hash' as const, 'generalise' as const),
      paths: fc.array(fc.constantFrom(...PATHS), { minLength: 1, maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((list): RedactionRule[] => list.map((rule, index) => ({ id: `r${index}`, ...rule })));

/** In each value, and in nothing else by chance. */
const MARK = 'qzkvxw';

/** Values that nothing else has in it by chance, with letters that have other forms in JSON, URLs and markup. */
const secret = fc
  .tuple(
    fc.constantFrom('zq', 'ZQ"', 'z\\q', 'zq é', 'zq\n', 'zq😀', 'zq&%', 'zq+/'),
    fc.integer({ min: 1e6, max: 1e7 }),
  )
  .map(([lead, number]) => `${lead}${MARK}${number}-sécret`);

/** Ways to write a value once more. */
const WAYS: readonly ((value: string) => unknown)[] = [
  (value) => value,
  (value) => value.toUpperCase(),
  (value) => `before ${value} after`,
  (value) => ({ deep: [{ [value]: value }] }),
  (value) => JSON.stringify({ user: value, list: [[value]], [value]: 1 }),
  (value) => JSON.stringify({ inner: JSON.stringify({ user: value }) }),
  (value) => `cut off {"user":${JSON.stringify(value)}`,
  (value) => `{"user":"${escaped(value)}"}`,
  (value) => `no json ${escaped(value)}`,
  (value) => `/find?user=${encodeURIComponent(value)}`,
  (value) => `/find?user=${encodeURIComponent(encodeURIComponent(value))}`,
  (value) => new URLSearchParams({ user: value }).toString(),
  (value) => `<b>${value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}</b>`,
  (value) => Buffer.from(`user ${value} did it`).toString('base64'),
  (value) => `Bearer x.${Buffer.from(`{"user":"${value}"}`).toString('base64url')}`,
];

describe('redaction of any strict event', () => {
  test('leaves it strict, keeps its identity, is the same again, and can be redacted again', () => {
    fc.assert(
      fc.property(arbitraryEvent, rules, fc.constantFrom(undefined, 2), (event, list, space) => {
        const redaction = compileRedaction(list, key);
        const text = JSON.stringify(event, undefined, space);
        const outcome = redaction.redact(text);
        expect(redaction.redact(text)).toEqual(outcome);
        if (!outcome.ok) {
          expect(outcome.code).toBe('REDACTION_VALUE_IN_ID');
          return;
        }
        const left: unknown = JSON.parse(outcome.text);
        expect(validateEvent(left, 'strict').filter(({ severity }) => severity === 'error')).toEqual([]);
        for (const name of ['id', 'eventTime', 'typeURI', 'eventType', 'action', 'outcome'])
          expect((left as Members)[name]).toEqual(event[name]);
        expect(outcome.rules.length === 0).toBe(outcome.text === text);
        expect(redaction.redact(outcome.text)).toMatchObject({ ok: true });
      }),
      { numRuns: 400 },
    );
  });

  test('leaves no copy of what is taken out in the bytes, however it was written', () => {
    const way = fc.constantFrom(...WAYS);
    const place = fc.constantFrom('attachments', 'tags', 'name', 'extension', 'agent', 'reporter');
    const copies = fc.array(fc.tuple(way, place), { minLength: 1, maxLength: 4 });
    const action = fc.constantFrom(
      'remove' as const,
      'mask' as const,
      'hash' as const,
      'generalise' as const,
    );
    fc.assert(
      fc.property(
        arbitraryEvent,
        secret,
        copies,
        action,
        fc.boolean(),
        (base, value, list, act, isEscaped) => {
          const event = list.reduce(
            (made, [write, where]) => withCopy(made, where, write(value)),
            withValue(base, value),
          );
          const text = isEscaped ? asciiJson(event) : JSON.stringify(event);
          const outcome = compileRedaction([{ id: 'r', action: act, paths: ['initiator/name'] }], key).redact(
            text,
          );
          if (!outcome.ok) throw new Error(outcome.code);
          expect(outcome.rules).toEqual(['r']);
          const everything = allForms(outcome.text).toLowerCase();
          expect(everything).not.toContain(MARK);
          expect(isValid(validateEvent(JSON.parse(outcome.text), 'strict'))).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('redaction of the events of the fixtures', () => {
  const lines = readFileSync(new URL('../../../fixtures/cadf-events.ndjson', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '');

  test.each(['remove', 'mask', 'hash', 'generalise'] as const)(
    '%s: no less valid, and nothing left',
    (action) => {
      const paths = [
        'initiator/name',
        'initiator/host/address',
        'initiator/host/agent',
        'target/id',
        'target/name',
      ];
      const redaction = compileRedaction([{ id: 'r', action, paths }], key);
      const values = new Set<string>();
      for (const line of lines) {
        const event: unknown = JSON.parse(line);
        const outcome = redaction.redact(line);
        if (!outcome.ok) throw new Error(outcome.code);
        const left: unknown = JSON.parse(outcome.text);
        const wrong = (value: unknown): number =>
          validateEvent(value, 'openstack').filter(({ severity }) => severity === 'error').length;
        expect(wrong(left)).toBeLessThanOrEqual(wrong(event));
        for (const path of paths) {
          const value = path
            .split('/')
            .reduce<unknown>((at, name) => (isMembers(at) ? at[name] : undefined), event);
          if (typeof value !== 'string' || !/\d/.test(value) || value.length < 8) continue;
          values.add(value);
          expect(outcome.text.toLowerCase().replaceAll('.0/24', '')).not.toContain(value.toLowerCase());
        }
      }
      expect(values.size).toBeGreaterThan(0);
    },
  );
});

function withValue(event: Members, value: string): Members {
  const initiator = event['initiator'];
  return { ...event, initiator: { ...(isMembers(initiator) ? initiator : {}), name: value } };
}

function withCopy(event: Members, where: string, copy: unknown): Members {
  const text = typeof copy === 'string' ? copy : JSON.stringify(copy);
  const initiator = event['initiator'];
  switch (where) {
    case 'attachments':
      return {
        ...event,
        attachments: [...listOf(event['attachments']), { contentType: 'a:b', content: copy }],
      };
    case 'tags':
      return { ...event, tags: [...listOf(event['tags']), `user?value=${text}`] };
    case 'name':
      return { ...event, name: text };
    case 'agent':
      return { ...event, initiator: { ...(isMembers(initiator) ? initiator : {}), host: { agent: text } } };
    case 'reporter': {
      const step = { role: 'relay', reporter: { id: text.slice(0, 1024), typeURI: 'service/x' } };
      return { ...event, reporterchain: [...listOf(event['reporterchain']), step] };
    }
    default:
      return { ...event, x_extension: { list: [copy] } };
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function escaped(value: string): string {
  return Array.from({ length: value.length }, (_, at) => value.charCodeAt(at))
    .map((code) => `\\u${code.toString(16).padStart(4, '0')}`)
    .join('');
}

function asciiJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(/[\u007f-\uffff]/g, escaped);
}

/** The text, and what it says with every encoding of the ways above resolved. */
function allForms(text: string): string {
  const forms = [text];
  let current = text;
  for (let layer = 0; layer < 6; layer++) {
    current = current
      .replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString())
      .replaceAll(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
      .replaceAll(/\\(["\\/])/g, '$1');
    forms.push(current);
  }
  const decoded = forms
    .flatMap((form) => form.match(/[\w+/-]{8,}/g) ?? [])
    .flatMap((run) => [0, 1, 2, 3].map((skip) => Buffer.from(run.slice(skip), 'base64').toString()));
  return [...forms, ...decoded].join('\n');
}
