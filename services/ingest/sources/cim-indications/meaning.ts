/** What an indication tells: action, outcome and rule, by its class and the instances in it. */
import type { EventOutcome } from '../../src/normalize/event-draft.ts';
import { embeddedIn, numberOf, valueOf } from './cim-instance.ts';
import type { CimInstance } from './cim-instance.ts';
import { methodMeaning } from './method-call.ts';
import { parseObjectPath } from './target.ts';
import { jobOutcome, outcomeOf, stateChange } from './system-state.ts';

export interface Meaning {
  readonly action: string;
  readonly outcome: EventOutcome;
  readonly rule: string;
  /** The thing is a part of a system: its target is the system. */
  readonly isPart?: boolean;
}

export type Life = 'created' | 'modified' | 'deleted';

const LIFE: readonly (readonly [RegExp, Life])[] = [
  [/(?:Creation|Created)(?:Indication|Event)?$/, 'created'],
  [/(?:Modification|Modified)(?:Indication|Event)?$/, 'modified'],
  [/(?:Deletion|Deleted)(?:Indication|Event)?$/, 'deleted'],
];
const CLASS_ACTIONS: Readonly<Record<Life, string>> = {
  created: 'create',
  modified: 'update',
  deleted: 'delete',
};
const PART_ACTIONS: Readonly<Record<Life, string>> = {
  created: 'update/attach',
  modified: 'update',
  deleted: 'update/detach',
};

export function meaningOf(indication: CimInstance): Meaning {
  const name = indication.className.slice(0, 200);
  if (/InstMethodCall(?:Indication)?$/.test(name)) return methodMeaning(indication);
  if (/InstRead(?:Indication)?$/.test(name))
    return { action: 'read', outcome: 'success', rule: 'instance-read' };
  // The threshold indication is an alert or process indication by its class tree, and tells what was measured.
  if (name.endsWith('ThresholdIndication') || valueOf(indication, 'ThresholdIdentifier') !== undefined)
    return {
      action: 'monitor/threshold',
      outcome: severityOutcome(indication),
      rule: 'threshold',
    };
  const life = LIFE.find(([pattern]) => pattern.test(name))?.[1] ?? lifeByShape(indication);
  if (life !== undefined) return lifeMeaning(life, name, indication);
  if (isAlert(name, indication))
    return { action: 'notify', outcome: severityOutcome(indication), rule: 'alert' };
  if (name.endsWith('ProcessIndication'))
    return { action: 'notify', outcome: severityOutcome(indication), rule: 'process' };
  return { action: 'unknown', outcome: 'unknown', rule: 'unmapped-indication' };
}

/** A vendor's class by another name, with the properties of CIM_InstIndication. */
function lifeByShape(indication: CimInstance): Life | undefined {
  return embeddedIn(indication, 'SourceInstance') !== undefined &&
    embeddedIn(indication, 'PreviousInstance') !== undefined
    ? 'modified'
    : undefined;
}

function lifeMeaning(life: Life, name: string, indication: CimInstance): Meaning {
  const source = embeddedIn(indication, 'SourceInstance');
  const path = parseObjectPath(valueOf(indication, 'SourceInstanceModelPath'));
  const className = source?.className ?? path.className ?? '';
  const kind = `${name} ${className}`.slice(0, 400);
  if (/Class(?:Creation|Modification|Deletion)(?:Indication|Event)?$/.test(name))
    return { action: CLASS_ACTIONS[life], outcome: 'success', rule: `class-${life}` };
  if (/Migration/.test(kind))
    return { action: 'update/migrate', outcome: jobOutcome(source) ?? 'pending', rule: 'migration' };
  if (/ResourceAllocationSettingData|[A-Za-z]RASD(?:$|\s)/.test(kind))
    return { action: PART_ACTIONS[life], outcome: outcomeOf(source), rule: `part-${life}`, isPart: true };
  const job = jobOutcome(source);
  if (job !== undefined)
    return { action: life === 'created' ? 'start' : 'update', outcome: job, rule: `job-${life}` };
  if (className.includes('Snapshot') && life !== 'modified')
    return {
      action: life === 'created' ? 'capture' : 'delete/snapshot',
      outcome: outcomeOf(source),
      rule: `snapshot-${life}`,
    };
  if (life === 'modified') return stateChange(embeddedIn(indication, 'PreviousInstance'), source);
  const outcome = life === 'deleted' ? 'success' : outcomeOf(source);
  return { action: CLASS_ACTIONS[life], outcome, rule: `instance-${life}` };
}

function isAlert(name: string, indication: CimInstance): boolean {
  return (
    /Alert/.test(name) ||
    valueOf(indication, 'AlertType') !== undefined ||
    valueOf(indication, 'AlertingManagedElement') !== undefined
  );
}

/** PerceivedSeverity: 5 major, 6 critical, 7 fatal are failures of what it tells of. */
function severityOutcome(indication: CimInstance): EventOutcome {
  const severity = numberOf(indication, 'PerceivedSeverity');
  return severity !== undefined && severity >= 5 && severity <= 7 ? 'failure' : 'success';
}
