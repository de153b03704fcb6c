/** Outcomes and severities of CADF by the numbers of OCSF. */
import { classifyOutcome } from '@cadf-pipeline/cadf-model';
import { OTHER } from './classes.ts';

/** A number of OCSF and what it stands for. */
export interface Named {
  readonly id: number;
  readonly name: string;
}

const STATUS: ReadonlyMap<string, Named> = new Map([
  ['unknown', { id: 0, name: 'Unknown' }],
  ['success', { id: 1, name: 'Success' }],
  ['failure', { id: 2, name: 'Failure' }],
]);

/** `status_id`: outcomes below success, failure and unknown count as these; any other, such as pending, is Other. */
export function statusOf(outcome: string | undefined): Named {
  if (outcome === undefined) return { id: 0, name: 'Unknown' };
  const { standard } = classifyOutcome(outcome);
  return STATUS.get(standard ?? '') ?? { id: OTHER, name: outcome };
}

const SEVERITY: ReadonlyMap<string, Named> = new Map(
  [
    { id: 0, name: 'Unknown', words: ['unknown'] },
    {
      id: 1,
      name: 'Informational',
      words: ['informational', 'info', 'information', 'normal', 'notice', 'debug'],
    },
    { id: 2, name: 'Low', words: ['low', 'minor'] },
    { id: 3, name: 'Medium', words: ['medium', 'moderate', 'warning', 'warn'] },
    { id: 4, name: 'High', words: ['high', 'major', 'error'] },
    { id: 5, name: 'Critical', words: ['critical', 'alert'] },
    { id: 6, name: 'Fatal', words: ['fatal', 'emergency'] },
  ].flatMap(({ id, name, words }) => words.map((word) => [word, { id, name }] as const)),
);

/** `severity_id`. CADF leaves the values to the observer: unknown words are Other, none is Unknown. */
export function ocsfSeverityOf(severity: string | undefined): Named {
  const said = severity?.trim() ?? '';
  if (said === '') return { id: 0, name: 'Unknown' };
  return SEVERITY.get(said.toLowerCase()) ?? { id: OTHER, name: said };
}
