/** Writes an event the way the standard has it: folds the aliases and dialects that readers have to put up with. */
import type { Members } from '../json-members.ts';
import { isMembers } from '../json-members.ts';
import type { MutableMembers } from '../json-object.ts';
import { setMember } from '../json-object.ts';
import { classifyAction, classifyOutcome, classifyResource } from '../taxonomy.ts';
import { reporterRoles } from '../taxonomy.generated.ts';
import { toStrictTimestamp } from '../timestamp.ts';
import { normalChoice, normalId, normalPath, normalTypeUri } from './normal-text.ts';

export interface CanonicalOptions {
  /** How attachments name their type: `contentType` as the standard's schema (default), `typeURI` for OpenStack readers. */
  readonly attachmentType?: 'contentType' | 'typeURI';
}

/**
 * The event in normal form; the argument is not changed. Folded are: `measurement`, `reportersteps`, `type` of
 * resources and `annotation` into the standard's names, the type of attachments, timestamps into the strict form (same
 * instant, offset and digits), `reasonCode` into text, upper-case enumerations, `https` and blanks in type URIs,
 * maps into lists of keys and values. Members of the standard that are null are left out; unknown members, and values
 * that cannot be understood, are kept. Dialect actions such as `created.project` are kept: `classifyAction` maps them.
 */
export function toCanonicalEvent(event: Members, options: CanonicalOptions = {}): Members {
  const attachmentType = options.attachmentType ?? 'contentType';
  const attachments = (value: unknown): unknown =>
    eachObject(value, (one) => attachment(one, attachmentType));
  const resource = (value: unknown): unknown => canonicalResource(value, attachments);
  return rewrite(renamed(event, 'measurement', 'measurements', 'reportersteps', 'reporterchain'), {
    typeURI: normalTypeUri,
    id: normalId,
    eventType: (value) => normalChoice(value, ['activity', 'monitor', 'control']),
    eventTime: normalTime,
    action: (value) => normalPath(value, classifyAction),
    outcome: (value) => normalPath(value, classifyOutcome),
    initiator: resource,
    target: resource,
    observer: resource,
    initiatorId: normalId,
    targetId: normalId,
    observerId: normalId,
    reason: (value) => (isMembers(value) ? rewrite(value, reasonRules) : value),
    measurements: (value) => eachObject(value, (one) => measurement(one, resource)),
    attachments,
    reporterchain: (value) => eachObject(value, (one) => step(one, resource, attachments)),
    name: keep,
    severity: keep,
    duration: keep,
    tags: keep,
  });
}

type Rule = (value: unknown) => unknown;
type Rules = Readonly<Record<string, Rule>>;

const keep: Rule = (value) => value;

/** Applies the rules to the members they name; a null there means absent. `typeURI` of an event is added if missing. */
function rewrite(object: Members, rules: Rules): MutableMembers {
  const result: MutableMembers = {};
  if (rules['typeURI'] === normalTypeUri && !Object.hasOwn(object, 'typeURI')) {
    result['typeURI'] = normalTypeUri(undefined);
  }
  for (const [name, value] of Object.entries(object)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) setMember(result, name, value);
    else if (value !== null || rule === normalTypeUri) result[name] = rule(value);
  }
  return result;
}

/** Renames members in pairs, in place, where the right name is not taken. */
function renamed(object: Members, ...pairs: readonly string[]): Members {
  const names = new Map<string, string>();
  for (let index = 0; index + 1 < pairs.length; index += 2) {
    const [from = '', to = ''] = pairs.slice(index, index + 2);
    if (Object.hasOwn(object, from) && !Object.hasOwn(object, to)) names.set(from, to);
  }
  if (names.size === 0) return object;
  const result: MutableMembers = {};
  for (const [name, value] of Object.entries(object)) setMember(result, names.get(name) ?? name, value);
  return result;
}

function eachObject(value: unknown, change: (one: Members) => Members): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((one: unknown) => (isMembers(one) ? change(one) : one));
}

const normalTime: Rule = (value) => (typeof value === 'string' ? (toStrictTimestamp(value) ?? value) : value);

const reasonRules: Rules = {
  reasonCode: (value) => (typeof value === 'number' ? String(value) : value),
  reasonType: keep,
  policyType: keep,
  policyId: keep,
};

function canonicalResource(value: unknown, attachments: Rule): unknown {
  if (!isMembers(value)) return value;
  const type = value['type'];
  const named = typeof type === 'string' && type !== '' ? renamed(value, 'type', 'typeURI') : value;
  return rewrite(named, {
    id: normalId,
    typeURI: (path) => normalPath(path, classifyResource),
    credential: (one) => (isMembers(one) ? rewrite(one, { assertions: canonicalMap }) : one),
    geolocation: (one) =>
      isMembers(one)
        ? rewrite(renamed(one, 'annotation', 'annotations'), { annotations: canonicalMap })
        : one,
    attachments,
    name: keep,
    domain: keep,
    addresses: keep,
    host: keep,
    geolocationId: normalId,
  });
}

function attachment(value: Members, type: 'contentType' | 'typeURI'): Members {
  return type === 'contentType'
    ? renamed(value, 'typeURI', 'contentType')
    : renamed(value, 'contentType', 'typeURI');
}

function measurement(value: Members, resource: Rule): Members {
  return rewrite(value, {
    metric: (one) => (isMembers(one) ? rewrite(one, { annotations: canonicalMap }) : one),
    metricId: normalId,
    calculatedBy: resource,
    calculatedById: normalId,
  });
}

function step(value: Members, resource: Rule, attachments: Rule): Members {
  return rewrite(value, {
    role: (role) => normalChoice(role, reporterRoles),
    reporter: resource,
    reporterId: normalId,
    reporterTime: normalTime,
    attachments,
  });
}

/** cadf:Map as a list of keys and values. */
function canonicalMap(value: unknown): unknown {
  if (!isMembers(value)) return value;
  return Object.entries(value).map(([key, entry]) => ({ key, value: entry }));
}
