/**
 * Documents in the shapes that emitters send, made for this project, with the verdict of each profile: the error
 * codes, in the order of the standard's table. `section` names the part of DSP0262 (or the profile) it is about.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  canonicalJson,
  decodeXml,
  encodeXml,
  isMembers,
  profileNames,
  toCanonicalEvent,
  unwrapDocument,
  validateEvent,
} from '@cadf-pipeline/cadf-model';
import type { Members, ProfileName } from '@cadf-pipeline/cadf-model';

interface Case {
  readonly section: string;
  readonly about: string;
  readonly form: string;
  readonly events: readonly {
    readonly path: string;
    readonly fault?: string;
    readonly errors?: Readonly<Record<ProfileName, readonly string[]>>;
  }[];
  /** JSON, or XML as a string. */
  readonly document: unknown;
}

const folder = new URL('./documents/', import.meta.url);
const cases = readdirSync(folder).map((name) => {
  return [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Case] as const;
});

interface Found {
  readonly form: string;
  readonly events: readonly {
    readonly path: string;
    readonly value: unknown;
    readonly fault?: string | undefined;
  }[];
}

function eventsOf(document: unknown): Found {
  if (typeof document === 'string') return decodeXml(document);
  const { form, items } = unwrapDocument(document);
  return { form, events: items.map(({ path, value, fault }) => ({ path, value, fault: fault?.code })) };
}

function errorsOf(value: unknown, profile: ProfileName): readonly string[] {
  const errors = validateEvent(value, profile).filter((fault) => fault.severity === 'error');
  return [...new Set(errors.map((fault) => fault.code))];
}

test.each(cases)('%s: every event is found and judged as told by each profile', (_name, expected) => {
  const found = eventsOf(expected.document);
  expect(found.form).toBe(expected.form);
  expect(found.events.map((event) => event.path)).toEqual(expected.events.map((event) => event.path));
  for (const [index, event] of found.events.entries()) {
    const { fault, errors } = expected.events[index]!;
    expect(event.fault).toBe(fault);
    if (errors === undefined) continue;
    for (const profile of profileNames)
      expect(errorsOf(event.value, profile), profile).toEqual(errors[profile]);
  }
});

const events: readonly (readonly [string, Members])[] = cases.flatMap(([name, { document }]) =>
  eventsOf(document).events.flatMap(({ path, value, fault }) =>
    isMembers(value) && fault === undefined ? [[`${name}${path}`, value] as const] : [],
  ),
);

test.each(events)(
  '%s: the canonical event is valid wherever the event was, and survives XML',
  (_name, event) => {
    const canonical = toCanonicalEvent(event);
    for (const profile of profileNames) {
      if (errorsOf(event, profile).length === 0) expect(errorsOf(canonical, profile), profile).toEqual([]);
    }
    expect(canonicalJson(decodeXml(encodeXml(canonical)).json)).toBe(canonicalJson(canonical));
  },
);

test('each profile takes something that the stricter one refuses', () => {
  const taken = (profile: ProfileName): number =>
    events.filter(([, event]) => errorsOf(event, profile).length === 0).length;
  expect(taken('strict')).toBeLessThan(taken('openstack'));
  expect(taken('openstack')).toBeLessThan(taken('lenient'));
});
