/** How severe an event is, on the scale of SIEMs. */
import type { Members } from '@cadf-pipeline/cadf-model';
import { textOf } from './event-parts.ts';

/** 0 to 10. What the event says of its severity, where that is known to mean something; else by its outcome. */
export function severityOf(event: Members): string {
  const said = textOf(event, 'severity')?.trim().toLowerCase() ?? '';
  const known = /^(?:\d|10)$/.test(said) ? Number(said) : SEVERITY.get(said);
  const outcome = (textOf(event, 'outcome') ?? '').split('/', 1)[0] ?? '';
  return String(known ?? OUTCOME_SEVERITY.get(outcome) ?? 5);
}

const OUTCOME_SEVERITY: ReadonlyMap<string, number> = new Map([
  ['success', 3],
  ['pending', 3],
  ['failure', 6],
  ['unknown', 5],
]);

const SEVERITY: ReadonlyMap<string, number> = new Map([
  ['emergency', 10],
  ['fatal', 10],
  ['alert', 9],
  ['critical', 9],
  ['error', 7],
  ['high', 7],
  ['major', 7],
  ['warning', 5],
  ['warn', 5],
  ['medium', 5],
  ['moderate', 5],
  ['notice', 4],
  ['minor', 4],
  ['low', 3],
  ['info', 2],
  ['informational', 2],
  ['normal', 2],
  ['debug', 1],
]);
