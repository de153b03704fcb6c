/** What the type of a notification says: `compute.instance.create.end` is the end of making an instance. */
import type { EventOutcome } from '../../src/normalize/event-draft.ts';
import { FAMILIES, PHASES, REPORTS, SERVICES, TASKS, VERBS } from './event-words.ts';
import type { Phase } from './event-words.ts';

export interface Meaning {
  readonly rule: string;
  readonly action: string;
  readonly outcome: EventOutcome;
  /** What it is about, as the service calls it: `instance`, `security_group`. */
  readonly resource: string;
  readonly phase: Phase | undefined;
  /** The type without its phase: the same for the beginning and the end of an operation. */
  readonly base: string;
  /** Sent periodically, or about the service itself. */
  readonly isNoise: boolean;
}

/** Types are few and come again. */
const knownMeanings = new Map<string, Meaning>();
const MAX_KNOWN = 2048;

export function meaningOf(eventType: string, priority: string): Meaning {
  const key = `${priority} ${eventType}`;
  const found = knownMeanings.get(key);
  if (found !== undefined) return found;
  const meaning = readMeaning(eventType, priority);
  if (key.length > 256) return meaning;
  if (knownMeanings.size >= MAX_KNOWN) knownMeanings.clear();
  knownMeanings.set(key, meaning);
  return meaning;
}

function readMeaning(eventType: string, priority: string): Meaning {
  const words = eventType.slice(0, 256).toLowerCase().split('.');
  const last = words.at(-1) ?? '';
  const phase = words.length > 2 ? PHASES.get(last) : undefined;
  const base = phase === undefined ? words : words.slice(0, -1);
  // The service's name is kept where it is also what the notification is about: `volume.create`.
  const own =
    base.length > 2 && SERVICES.has(base[0] ?? '') && !isFamily(base.slice(1).join('.'))
      ? base.slice(1)
      : base;
  const [resource = '', ...rest] = own;
  const verb = rest.join('.');
  const outcome: EventOutcome =
    phase === 'error' || priority === 'ERROR' || priority === 'CRITICAL'
      ? 'failure'
      : phase === 'start'
        ? 'pending'
        : 'success';
  const meaning = (rule: string, action: string, isNoise = false): Meaning => ({
    rule,
    action,
    outcome,
    resource,
    phase,
    base: base.join('.'),
    isNoise,
  });
  if (REPORTS.has(last) || REPORTS.has(base.at(-1) ?? '')) return meaning('report', 'monitor', true);
  if (resource === 'scheduler' || resource === 'metrics') return meaning('scheduling', 'unknown', true);
  const task = resource === 'compute_task' ? verb : base.length === 1 ? resource : undefined;
  const taskAction = TASKS.get(task ?? '');
  if (taskAction !== undefined)
    return { ...meaning('instance', taskAction), resource: 'instance', outcome: 'failure' };
  if (resource === 'backup') {
    const action = backupAction(verb);
    if (action !== undefined) return meaning('notification', action);
  }
  const action = actionOf(verb, resource);
  if (action === undefined) return meaning('unmapped-notification', 'unknown');
  return meaning(resource === 'instance' ? 'instance' : 'notification', action);
}

function actionOf(verb: string, resource: string): string | undefined {
  // A compute service tells that it lost its hypervisor.
  if (resource === 'libvirt' && verb === 'connect') return 'monitor';
  const known = VERBS.get(verb) ?? FAMILIES.find(([pattern]) => pattern.test(verb))?.[1];
  if (known !== undefined) return known;
  // `identity.role_assignment.created`, `router.interface.create`: the last word tells.
  const last = verb.slice(verb.lastIndexOf('.') + 1);
  return last !== verb || resource === '' ? VERBS.get(last) : undefined;
}

function backupAction(verb: string): string | undefined {
  if (verb === 'create') return 'backup';
  return verb === 'restore' ? 'restore' : undefined;
}

function isFamily(verb: string): boolean {
  return FAMILIES.some(([pattern]) => pattern.test(verb)) && !verb.startsWith('live');
}
