/** An event as one line for people. */
import { styleText } from 'node:util';
import type { CadfEvent } from '@cadf-pipeline/client';
import { visible } from '../validate/visible.ts';

const MAX_NAME_CHARS = 80;
const OUTCOME_WIDTH = 'success'.length;

/** Colours by the first segment of the outcome: `failure/denied` is a failure. */
const COLORS = new Map([
  ['success', 'green'],
  ['failure', 'red'],
  ['pending', 'yellow'],
] as const);

/**
 * Time, outcome, action, who, on what, who saw it; ends with a line feed. Names are shown where there are any, else ids;
 * what is missing is `-`. Control characters of the event do not reach the terminal.
 */
export function eventLine(event: CadfEvent, color: boolean): string {
  const outcome = shown(event['outcome']);
  const host = objectOf(objectOf(event['initiator'])['host'])['address'];
  const parts = [
    shown(event['eventTime']),
    colored(outcome.padEnd(OUTCOME_WIDTH), outcome, color),
    shown(event['action']),
    role(event, 'initiator') + (typeof host === 'string' && host !== '' ? `@${shown(host)}` : ''),
    `→ ${role(event, 'target')}`,
    `[${role(event, 'observer')}]`,
  ];
  return `${parts.join('  ')}\n`;
}

/** The resource of a role: its own object, or the id that stands for it (`initiatorId`). */
function role(event: CadfEvent, name: 'initiator' | 'target' | 'observer'): string {
  const resource = objectOf(event[name]);
  const id = [resource['name'], resource['id'], event[`${name}Id`]].find(
    (one) => typeof one === 'string' && one !== '',
  );
  const type = resource['typeURI'];
  return name === 'target' && typeof type === 'string' && type !== ''
    ? `${shown(id)} (${shown(type)})`
    : shown(id);
}

function colored(text: string, outcome: string, color: boolean): string {
  const name = COLORS.get(outcome.split('/')[0] as 'success');
  return color && name !== undefined ? styleText(name, text, { validateStream: false }) : text;
}

function shown(value: unknown): string {
  if (typeof value !== 'string' || value === '') return '-';
  const text = value.length > MAX_NAME_CHARS ? `${value.slice(0, MAX_NAME_CHARS - 1)}…` : value;
  return visible(text);
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
