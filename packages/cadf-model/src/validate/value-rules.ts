/**
 * Which texts may stand where in an event whose structure was already validated: for readers that see the same
 * structure (the same members, lists and value types) again and again with other texts in its leaves.
 */
import type { FaultCode } from '../fault-codes.ts';
import { isMembers } from '../json-members.ts';
import type { ProfileName, Severities } from '../profiles.ts';
import { profiles } from '../profiles.ts';
import type { Classifier } from '../taxonomy.ts';
import { classifyAction, classifyOutcome, classifyResource } from '../taxonomy.ts';
import { reporterRoles } from '../taxonomy.generated.ts';
import { timestampForm } from '../timestamp.ts';
import { idForm } from './identity.ts';
import { actionCodes, outcomeCodes, resourceTypeCodes } from './paths.ts';
import { isRoleName } from './resource.ts';
import { isDuration, isTag } from './tags.ts';
import { maxAddressLength, maxKeyLength, maxNameLength } from './text.ts';
import { codeOfForm, isStorable } from './time.ts';

/**
 * - `free`: any text passes;
 * - `literal`: the verdict may depend on other members, the text has to be the exemplar's;
 * - a predicate on the decoded text: true means it passes. It may refuse texts that would pass, never the reverse.
 */
export type ValueRule = 'free' | 'literal' | ((text: string) => boolean);

/** The rule for a leaf, by its JSON Pointer. */
export type ValueRules = (pointer: string) => ValueRule;

/**
 * Rules for one structure. `exemplar` is a parsed event for which validateEvent found no error under this profile.
 * Promise: an event of the same structure whose every string leaf passes its rule has no error either (numbers,
 * booleans and nulls are free). Warnings may differ.
 */
export function valueRules(profile: ProfileName, exemplar: unknown): ValueRules {
  const severities = profiles[profile];
  const root = isMembers(exemplar) ? exemplar : {};
  return (pointer) => ruleOf(severities, root, pointer.split('/').slice(1));
}

const nonEmptyUpTo = (maxLength: number) => (text: string) => text !== '' && text.length <= maxLength;
const upTo = (maxLength: number) => (text: string) => text.length <= maxLength;
const key = nonEmptyUpTo(maxKeyLength);
const name = upTo(maxNameLength);
const address = upTo(maxAddressLength);
const filledName = nonEmptyUpTo(maxNameLength);
const filledAddress = nonEmptyUpTo(maxAddressLength);

function ruleOf(severities: Severities, event: unknown, [head = '', ...rest]: readonly string[]): ValueRule {
  switch (head) {
    case 'typeURI':
    case 'eventType':
      return 'literal';
    case 'id':
      return isUsableId;
    case 'eventTime':
      return (text) => isAllowedTime(severities, text) && isStorable(text);
    case 'action':
      return pathRule(severities, classifyAction, actionCodes);
    case 'outcome':
      return pathRule(severities, classifyOutcome, outcomeCodes);
    case 'initiator':
    case 'target':
    case 'observer':
      return resourceRule(severities, memberOf(event, head), rest);
    case 'initiatorId':
    case 'targetId':
    case 'observerId':
      return key;
    case 'reason':
      return rest[0] === 'reasonType' || rest[0] === 'policyType' ? filledAddress : filledName;
    case 'name':
    case 'severity':
      return name;
    case 'duration':
      return isDuration;
    case 'tags':
      return (text) => text.length <= maxAddressLength && isTag(text);
    case 'attachments':
      return attachmentRule(rest);
    case 'measurements':
    case 'measurement':
      return measurementRule(severities, memberOf(memberOf(event, head), rest[0]), rest.slice(1));
    case 'reporterchain':
    case 'reportersteps':
      return stepRule(severities, memberOf(memberOf(event, head), rest[0]), rest.slice(1));
    default:
      return 'free';
  }
}

function isUsableId(text: string): boolean {
  if (!key(text)) return false;
  const form = idForm(text);
  return form === 'plain' || form === 'blanks';
}

function isAllowedTime(severities: Severities, text: string): boolean {
  const form = timestampForm(text);
  if (form === undefined) return false;
  return form === 'strict' || severities[codeOfForm(form)] !== 'error';
}

function pathRule(
  severities: Severities,
  classify: Classifier,
  codes: Readonly<Record<string, FaultCode | undefined>>,
): (text: string) => boolean {
  return (text) => {
    if (!key(text)) return false;
    const code = codes[classify(text).kind];
    return code === undefined || severities[code] !== 'error';
  };
}

function resourceRule(severities: Severities, resource: unknown, rest: readonly string[]): ValueRule {
  const [head = '', second = '', third = ''] = rest;
  switch (head) {
    case 'id':
      return resourceIdRule(resource);
    case 'typeURI':
      return pathRule(severities, classifyResource, resourceTypeCodes);
    case 'type':
      if (memberOf(resource, 'typeURI') !== undefined) return 'free';
      return pathRule(severities, classifyResource, resourceTypeCodes);
    case 'name':
    case 'domain':
      return name;
    case 'geolocationId':
      return key;
    case 'host':
      return second === 'id' ? upTo(maxKeyLength) : second === 'platform' ? name : address;
    case 'credential':
      return second === 'token' ? (text) => text !== '' : second === 'assertions' ? 'free' : address;
    case 'addresses':
      return third === 'url' ? filledAddress : name;
    case 'geolocation':
      return second === 'annotations' || second === 'annotation' ? 'free' : name;
    case 'attachments':
      return attachmentRule(rest.slice(1));
    default:
      return 'free';
  }
}

/** Without a type, an id that names a role is a reference, and its meaning hangs on the other members. */
function resourceIdRule(resource: unknown): ValueRule {
  if (memberOf(resource, 'typeURI') !== undefined) return key;
  const id = memberOf(resource, 'id');
  if (typeof id === 'string' && isRoleName(id)) return 'literal';
  return (text) => key(text) && !isRoleName(text);
}

/** `rest` starts with the index. */
function attachmentRule([, member = '']: readonly string[]): ValueRule {
  if (member === 'contentType' || member === 'typeURI') return filledAddress;
  return member === 'name' ? name : 'free';
}

function measurementRule(severities: Severities, measurement: unknown, rest: readonly string[]): ValueRule {
  switch (rest[0]) {
    case 'metric':
      if (rest[1] === 'metricId') return key;
      return rest[1] === 'annotations' ? 'free' : filledName;
    case 'metricId':
    case 'calculatedById':
      return key;
    case 'calculatedBy':
      return resourceRule(severities, memberOf(measurement, 'calculatedBy'), rest.slice(1));
    default:
      return 'free';
  }
}

function stepRule(severities: Severities, step: unknown, rest: readonly string[]): ValueRule {
  switch (rest[0]) {
    case 'role':
      return (text) => (reporterRoles as readonly string[]).includes(text);
    case 'reporterTime':
      return (text) => isAllowedTime(severities, text);
    case 'reporterId':
      return key;
    case 'reporter':
      return resourceRule(severities, memberOf(step, 'reporter'), rest.slice(1));
    case 'attachments':
      return attachmentRule(rest.slice(1));
    default:
      return 'free';
  }
}

function memberOf(value: unknown, member: string | undefined): unknown {
  if (member === undefined) return undefined;
  if (Array.isArray(value)) return value[Number(member)];
  return isMembers(value) ? value[member] : undefined;
}
