/** The attributes of a CIMI Event (DSP0263 5.17.4): of a stored event, and the same in SQL, for filters and orders. */
import { eventTypeUri } from '@cadf-pipeline/cadf-model';
import type { ListedEvent } from '@cadf-pipeline/event-store';
import { eventHref } from './event-id.ts';
import type { Attributes, CimiValue } from './resource.ts';

const SEVERITIES: readonly string[] = ['low', 'medium', 'high', 'critical'];
const OUTCOMES: ReadonlyMap<string, string> = new Map([
  ['success', 'Success'],
  ['failure', 'Failure'],
  ['pending', 'Pending'],
]);
const OTHER = 'Unknown';
/** What an observation has instead of success. */
const OBSERVED = 'Status';

export function eventAttributes(event: ListedEvent): Attributes {
  const severity = severityOf(event.severity);
  const attributes: [string, CimiValue][] = [['id', eventHref(event)]];
  if (event.name !== '') attributes.push(['name', event.name]);
  attributes.push(
    ['created', new Date(event.receivedMs).toISOString()],
    ['timestamp', new Date(event.timeMs).toISOString()],
    ['type', eventTypeUri],
    ['content', { kind: 'cadf', text: event.text }],
    ['outcome', outcomeOf(event.eventType, event.outcome)],
  );
  if (severity !== '') attributes.push(['severity', severity]);
  return attributes;
}

function outcomeOf(eventType: string, outcome: string): string {
  const word = outcome.split('/outcome/').at(-1)?.split('/')[0]?.toLowerCase() ?? '';
  if (word === 'success' && eventType === 'monitor') return OBSERVED;
  return OUTCOMES.get(word) ?? OTHER;
}

function severityOf(severity: string): string {
  const word = severity.toLowerCase();
  return SEVERITIES.includes(word) ? word : '';
}

const OUTCOME_WORD = `lower(splitByChar('/', splitByString('/outcome/', toString(outcome))[-1])[1])`;

/** Expressions over the columns of the events table that give what `eventAttributes` does; '' for an absent one. */
export const ATTRIBUTE_SQL = {
  name: 'name',
  outcome: `multiIf(${[
    `event_type = 'monitor' AND ${OUTCOME_WORD} = 'success', '${OBSERVED}'`,
    ...[...OUTCOMES].map(([word, outcome]) => `${OUTCOME_WORD} = '${word}', '${outcome}'`),
  ].join(', ')}, '${OTHER}')`,
  severity: `if(lower(severity) IN (${SEVERITIES.map((word) => `'${word}'`).join(', ')}), lower(severity), '')`,
  /** 0 for none, then by weight. */
  severityRank: `indexOf([${SEVERITIES.map((word) => `'${word}'`).join(', ')}], lower(severity))`,
} as const;

/** Those that are times, with their columns. */
export const TIME_COLUMNS: ReadonlyMap<string, string> = new Map([
  ['timestamp', 'event_time'],
  ['created', 'received'],
]);
