/** Rules compiled to a function over the JSON texts of events. */
import { checkJsonDepth, isMembers } from '@cadf-pipeline/cadf-model';
import type { Members } from '@cadf-pipeline/cadf-model';
import { compilePredicate, parseFilter } from '@cadf-pipeline/event-filter';
import type { EventPredicate } from '@cadf-pipeline/event-filter';
import { checkRedactionRules, parseRulePath } from './check-rules.ts';
import type { RedactionFault } from './check-rules.ts';
import { createKeyedHash } from './keyed-hash.ts';
import { createRemovedValues, MAX_REMOVED, MAX_SEARCH } from './removed-values.ts';
import { roleReferences, ruleTree } from './rule-tree.ts';
import type { Action, RuleNode } from './rule-tree.ts';
import type { RedactionRule } from './rule.ts';
import { walkEvent } from './walk-event.ts';

/**
 * Why an event cannot be redacted. It is not passed on then:
 * - `REDACTION_NOT_AN_EVENT`: the text is no JSON object;
 * - `REDACTION_TOO_DEEP`: nested in more than 64 objects and lists;
 * - `REDACTION_TOO_MANY_VALUES`: more than 1,000 different values to take out, or more than 50 million by the
 *   characters of the event;
 * - `REDACTION_VALUE_IN_ID`: the event's id, or another member that no rule may change, has in it what a rule takes out.
 */
export type RedactionRefusalCode =
  | 'REDACTION_NOT_AN_EVENT'
  | 'REDACTION_TOO_DEEP'
  | 'REDACTION_TOO_MANY_VALUES'
  | 'REDACTION_VALUE_IN_ID';

export type RedactionOutcome =
  | {
      readonly ok: true;
      /** The same string when no rule changed anything. */
      readonly text: string;
      /** Ids of the rules that changed something, in their order. */
      readonly rules: readonly string[];
    }
  | { readonly ok: false; readonly code: RedactionRefusalCode; readonly message: string };

export interface Redaction {
  /** The JSON text of one event. Never throws for an event: one that cannot be redacted is an outcome. */
  redact(text: string): RedactionOutcome;
}

/** Rules that are none; `faults` say what and where. */
export class RedactionRuleError extends Error {
  readonly code = 'REDACTION_RULES_INVALID';
  readonly faults: readonly RedactionFault[];

  constructor(faults: readonly RedactionFault[]) {
    super(faults.map(({ message, pointer }) => `${pointer}: ${message}`).join('; '));
    this.name = 'RedactionRuleError';
    this.faults = faults;
  }
}

const MAX_TREES = 256;
const NOTHING: readonly string[] = Object.freeze([]);

/**
 * @param key Of this feed alone, at least 32 bytes (`createRedactionKey`): equal values have equal hashes under one key,
 * and different ones under another.
 * @throws RedactionRuleError when `checkRedactionRules` finds faults; RangeError for a short key.
 */
export function compileRedaction(rules: readonly RedactionRule[], key: Uint8Array): Redaction {
  const faults = checkRedactionRules(rules);
  if (faults.length > 0) throw new RedactionRuleError(faults);
  const hash = createKeyedHash(key);
  const actions = rules.map(compileAction);
  const conditions = rules.map(compileCondition);
  const isConditional = conditions.some((condition) => condition !== undefined);
  const removed = createRemovedValues();
  const trees = new Map<string, RuleNode>();

  function treeOf(event: Members, active: readonly Action[]): RuleNode {
    const references = roleReferences(event);
    const rest = active === actions ? '' : active.map(({ index }) => index).join();
    const name = `${references[0]} ${references[1]} ${references[2]} ${rest}`;
    let tree = trees.get(name);
    if (tree !== undefined) return tree;
    tree = ruleTree(active, references);
    if (trees.size >= MAX_TREES) trees.clear();
    trees.set(name, tree);
    return tree;
  }

  function redactEvent(text: string, event: Members): RedactionOutcome {
    const active = isConditional
      ? actions.filter(({ index }) => conditions[index]?.(event) ?? true)
      : actions;
    if (active.length === 0) return { ok: true, text, rules: NOTHING };
    const tree = treeOf(event, active);
    const applied = new Set<number>();
    removed.clear();
    const everyAddress = active.find((action) => action.everyAddress);
    const stuck = new Set<string>();
    const options = { hash, removed, applied, everyAddress, stuck };
    let left = walkEvent(text, tree, { ...options, scrub: false });
    if (removed.count > MAX_REMOVED || removed.count * text.length > MAX_SEARCH)
      return refusal(
        'REDACTION_TOO_MANY_VALUES',
        `the rules take out more than ${MAX_REMOVED} different values, or too many to search an event of this length for`,
      );
    if (removed.suspect(left)) {
      left = walkEvent(text, tree, { ...options, scrub: true });
      if (stuck.size > 0)
        return refusal(
          'REDACTION_VALUE_IN_ID',
          `what cannot change has a value in it that a rule takes out: ${[...stuck].join(', ')} of the event`,
        );
    }
    if (applied.size === 0) return { ok: true, text, rules: NOTHING };
    return {
      ok: true,
      text: left,
      rules: rules.filter((_, index) => applied.has(index)).map(({ id }) => id),
    };
  }

  return {
    redact(text) {
      if (!checkJsonDepth(text))
        return refusal('REDACTION_TOO_DEEP', 'the event is nested in more than 64 objects and lists');
      const event = parse(text);
      if (!isMembers(event)) return refusal('REDACTION_NOT_AN_EVENT', 'the event is no JSON object');
      return redactEvent(text, event);
    },
  };
}

function compileAction(rule: RedactionRule, index: number): Action {
  const paths = rule.paths.map(parseRulePath).filter((path) => typeof path !== 'string');
  const prefixes = { ipv4: rule.ipv4Prefix ?? 24, ipv6: rule.ipv6Prefix ?? 48 };
  return { index, action: rule.action, paths, prefixes, everyAddress: rule.everyAddress ?? false };
}

function compileCondition(rule: RedactionRule): EventPredicate | undefined {
  const parsed = rule.where === undefined ? undefined : parseFilter(rule.where);
  return parsed?.ok === true ? compilePredicate(parsed.filter) : undefined;
}

function refusal(code: RedactionRefusalCode, message: string): RedactionOutcome {
  return { ok: false, code, message };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
