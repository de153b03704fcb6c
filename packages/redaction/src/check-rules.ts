/** What is wrong with redaction rules, said before they are kept. */
import { parseFilter } from '@cadf-pipeline/event-filter';
import type { Filter, Path } from '@cadf-pipeline/event-filter';
import { isPathFixed } from './place.ts';
import type { RedactionRule } from './rule.ts';

/**
 * - `REDACTION_PATH_INVALID`: a path that the filter language could not name;
 * - `REDACTION_PATH_FIXED`: the event's identity, or who handled it: no rule may change that;
 * - `REDACTION_PATHS_MISSING`: a rule without anything to act on;
 * - `REDACTION_FILTER_INVALID`: `where` is no filter;
 * - `REDACTION_OPTION_MISPLACED`: an option of `generalise` beside another action;
 * - `REDACTION_ID_TWICE`: two rules of one id.
 */
export type RedactionFaultCode =
  | 'REDACTION_PATH_INVALID'
  | 'REDACTION_PATH_FIXED'
  | 'REDACTION_PATHS_MISSING'
  | 'REDACTION_FILTER_INVALID'
  | 'REDACTION_OPTION_MISPLACED'
  | 'REDACTION_ID_TWICE';

export interface RedactionFault {
  readonly code: RedactionFaultCode;
  /** JSON Pointer (RFC 6901) within the rules, such as `/0/paths/2`. */
  readonly pointer: string;
  /** What is wrong and how to mend it. */
  readonly message: string;
}

/** Faults of rules that fit the schema `RedactionRules`; none when they can be compiled. */
export function checkRedactionRules(rules: readonly RedactionRule[]): readonly RedactionFault[] {
  const seen = new Set<string>();
  return rules.flatMap((rule, index) => {
    const faults = faultsOf(rule, `/${index}`);
    if (!seen.has(rule.id)) {
      seen.add(rule.id);
      return faults;
    }
    const message = `there is another rule ${rule.id}; events name the rules that changed them, so give each its own id`;
    return [...faults, { code: 'REDACTION_ID_TWICE' as const, pointer: `/${index}/id`, message }];
  });
}

function faultsOf(rule: RedactionRule, at: string): readonly RedactionFault[] {
  const faults: RedactionFault[] = [];
  const fault = (code: RedactionFaultCode, pointer: string, message: string): void => {
    faults.push({ code, pointer: at + pointer, message });
  };
  for (const [index, text] of rule.paths.entries()) {
    const path = parseRulePath(text);
    if (typeof path === 'string') fault('REDACTION_PATH_INVALID', `/paths/${index}`, path);
    else if (isPathFixed(path)) {
      const message = `${text} stays as it is in every event: id, eventTime, typeURI, eventType, action and outcome are the event's identity, and role and id of reporters say who handled it; give the paths of what a reader may not see, such as initiator/name`;
      fault('REDACTION_PATH_FIXED', `/paths/${index}`, message);
    }
  }
  if (rule.paths.length === 0 && rule.everyAddress !== true) {
    const message = 'the rule has no path to act on; give one, such as initiator/name';
    fault('REDACTION_PATHS_MISSING', '/paths', message);
  }
  const filter = rule.where === undefined ? undefined : parseFilter(rule.where);
  if (filter?.ok === false) {
    const { code, column, message } = filter.fault;
    fault('REDACTION_FILTER_INVALID', '/where', `${code} at column ${column}: ${message}`);
  }
  if (rule.action === 'generalise') return faults;
  for (const option of ['ipv4Prefix', 'ipv6Prefix', 'everyAddress'] as const) {
    if (rule[option] === undefined) continue;
    const message = `${option} is an option of generalise, and this rule says ${rule.action}; leave it out`;
    fault('REDACTION_OPTION_MISPLACED', `/${option}`, message);
  }
  return faults;
}

/** A path as the filter language reads it; what is wrong with it otherwise. */
export function parseRulePath(text: string): Path | string {
  const parsed = parseFilter(`${text} exists`);
  if (!parsed.ok) return parsed.fault.message;
  return pathOf(parsed.filter) ?? 'expected the path of one member, such as initiator/name';
}

function pathOf(filter: Filter): Path | undefined {
  return filter.kind === 'exists' ? filter.path : undefined;
}
