/** The two ways findings are shown: lines for people and editors, JSON objects for programs. */
import type { ProfileName } from '@cadf-pipeline/cadf-model';
import { visible } from './visible.ts';
import type { Finding } from './finding.ts';
import type { Tally } from './tally.ts';

export const reportFormats = ['text', 'json'] as const;
export type ReportFormat = (typeof reportFormats)[number];

export interface Summary extends Tally {
  readonly profile: ProfileName;
  /** Findings past the limit, counted but not shown. */
  readonly notShown: number;
}

/** Each answers text that ends with a line feed. */
export interface Report {
  readonly finding: (file: string, finding: Finding) => string;
  readonly summary: (summary: Summary) => string;
}

export const reports: Readonly<Record<ReportFormat, Report>> = {
  text: {
    finding(file, { line, column, severity, code, pointer, within, message, hint }) {
      const at = pointer === '' && within === undefined ? '(root)' : pointer;
      const inner = within === undefined ? '' : `#${within}`;
      return `${visible(`${file}:${line}:${column}: ${severity} ${code} ${at}${inner} ${message} (repair: ${hint})`)}\n`;
    },
    summary({ events, valid, withErrors, warnings, unreadable, notShown }) {
      const parts = [
        count(events, 'event'),
        `${valid} valid`,
        `${withErrors} with errors`,
        count(warnings, 'warning'),
      ];
      if (unreadable > 0) parts.push(`${count(unreadable, 'file')} not read`);
      if (notShown > 0) parts.push(`${count(notShown, 'fault')} not shown`);
      return `${parts.join(', ')}\n`;
    },
  },
  json: {
    finding: (file, { line, column, severity, code, pointer, within, message, hint }) =>
      `${JSON.stringify({ type: 'fault', file, line, column, severity, code, pointer, within, message, hint })}\n`,
    summary: (summary) => `${JSON.stringify({ type: 'summary', ...summary })}\n`,
  },
};

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
