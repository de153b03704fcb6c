/** A question that takes long where it is not stopped: a list in each event, asked many times whether it is in a range. */
import { testEvent } from './events.ts';

const ATTACHMENTS = Array.from({ length: 1000 }, (_, index) => ({ content: `10.1.2.${index % 250}x` }));

export const SLOW_FILTER = Array.from(
  { length: 24 },
  (_, index) => `attachments/content in cidr('10.${index}.0.0/16')`,
).join(' or ');

/** 500 of them, of 30 KB, take several seconds. */
export function slowEvent(members: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ ...testEvent(), ...members, attachments: ATTACHMENTS });
}
