import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryEvent } from '../../../../test/support/arbitrary-event.ts';
import { changed, keystoneEvent, middlewareEvent, strictEvent } from '../../test/sample-events.ts';
import { isValid } from '../fault.ts';
import { isMembers } from '../json-members.ts';
import { profileNames } from '../profiles.ts';
import { validateEvent } from './event.ts';
import type { ValueRules } from './value-rules.ts';
import { valueRules } from './value-rules.ts';

/** Texts that are likely to matter somewhere: good and bad, short and long. */
const replacement = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'target',
    'initiator',
    'observer',
    'activity',
    'monitor',
    'control',
    'success',
    'FAILURE',
    'failure/denied',
    'read/list',
    'created.user',
    'nonsense',
    'unknown',
    'data/file',
    'dns/zones',
    'modifier',
    'relay',
    '2026-01-01T00:00:00Z',
    '2026-01-01T00:00:00.123456+0000',
    '2026-01-01T00:00:00+00:00',
    '1700-01-01T00:00:00+00:00',
    'http://schemas.dmtf.org/cloud/audit/1.0/event',
    'P1D',
    'a?b',
    'x'.repeat(1025),
    'x'.repeat(4097),
    'x'.repeat(8193),
  ),
  fc.string({ unit: 'binary', maxLength: 10 }),
);

/** Replaces string leaves one by one where the rule lets the new text pass. */
function replaceLeaves(value: unknown, pointer: string, rules: ValueRules, texts: Iterator<string>): unknown {
  if (typeof value === 'string') {
    const text = texts.next().value as string;
    const rule = rules(pointer);
    if (rule === 'free') return text;
    return rule === 'literal' || !rule(text) ? value : text;
  }
  if (Array.isArray(value)) {
    return value.map((one, index) => replaceLeaves(one, `${pointer}/${index}`, rules, texts));
  }
  if (!isMembers(value)) return value;
  const entries = Object.entries(value).map(([name, one]) => {
    const step = name.replaceAll('~', '~0').replaceAll('/', '~1');
    return [name, replaceLeaves(one, `${pointer}/${step}`, rules, texts)] as const;
  });
  return Object.fromEntries(entries);
}

const ibmEvent = {
  id: 'e-1',
  eventTime: '2026-01-01T00:00:00.123456789Z',
  eventType: 'ACTIVITY',
  action: 'UPDATE',
  outcome: 'SUCCESS',
  initiator: { id: 'kevin', type: 'data/file' },
  target: { id: 'cluster', type: 'http://schemas.dmtf.org/cloud/audit/1.0/taxonomy/resource/data/file' },
  observer: { app: 'manager', class: 'Audit' },
  reason: { reasonCode: 200 },
};
const handMade = [
  strictEvent,
  middlewareEvent,
  keystoneEvent,
  ibmEvent,
  changed(keystoneEvent, { initiator: undefined }),
];
const event = fc.oneof(arbitraryEvent, fc.constantFrom<unknown>(...handMade));

describe.each(profileNames)('under %s', (profile) => {
  test('an event of the same structure whose every text passes its rule has no error either', () => {
    fc.assert(
      fc.property(event, fc.infiniteStream(replacement), (exemplar, texts) => {
        fc.pre(isValid(validateEvent(exemplar, profile)));
        const other = replaceLeaves(exemplar, '', valueRules(profile, exemplar), texts);
        expect(validateEvent(other, profile).filter((fault) => fault.severity === 'error')).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

test('the rules let through what usually varies between events of one structure', () => {
  const rules = valueRules('openstack', middlewareEvent);
  const passes = (pointer: string, text: string): boolean => {
    const rule = rules(pointer);
    return rule === 'free' || (rule !== 'literal' && rule(text));
  };
  expect(passes('/id', 'b5f1c6d0-50a4-5f7e-9e5e-2b7f3d9a1c22')).toBe(true);
  expect(passes('/eventTime', '2027-01-01T00:00:00.000001+0000')).toBe(true);
  expect(passes('/action', 'update/resize')).toBe(true);
  expect(passes('/outcome', 'failure')).toBe(true);
  expect(passes('/initiator/id', 'u-18')).toBe(true);
  expect(passes('/initiator/host/agent', 'curl')).toBe(true);
  expect(passes('/target/addresses/2/url', 'http://192.0.2.6')).toBe(true);
  expect(passes('/tags/0', 'correlation_id?value=1')).toBe(true);
  expect(passes('/reporterchain/0/reporterTime', '2027-01-01T00:00:00.000001+0000')).toBe(true);
  expect(rules('/requestPath')).toBe('free');
});

test('what the verdict on other members hangs on has to stay', () => {
  const rules = valueRules('openstack', middlewareEvent);
  expect(rules('/eventType')).toBe('literal');
  expect(rules('/typeURI')).toBe('literal');
  expect(rules('/observer/id')).toBe('literal');
  expect(rules('/reporterchain/0/reporter/id')).toBe('literal');
});
