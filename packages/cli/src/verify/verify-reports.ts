/** The two ways the verification of chains is shown: lines for people, JSON objects for programs. */
import type { Fault, VerifyReport } from '@cadf-pipeline/federation';
import { visible } from '../validate/visible.ts';

export const verifyFormats = ['text', 'json'] as const;
export type VerifyFormat = (typeof verifyFormats)[number];

export interface VerifySummary {
  readonly chains: number;
  readonly good: number;
  readonly events: number;
}

/** Each answers text that ends with a line feed. */
export interface VerifyShown {
  readonly chain: (place: string, report: VerifyReport) => string;
  readonly summary: (summary: VerifySummary) => string;
}

export const verifyReports: Readonly<Record<VerifyFormat, VerifyShown>> = {
  text: {
    chain(place, report) {
      const { fault } = report;
      if (fault === undefined) return `${visible(`${place}: good: ${extent(report)}`)}\n`;
      return `${visible(`${place}: fault ${fault.code}${where(fault)}: ${fault.message}`)}\n${compared(fault)}`;
    },
    summary: ({ chains, events, good }) =>
      `${counted(chains, 'chain')}, ${good} good, ${chains - good} with a fault, ${counted(events, 'event')}\n`,
  },
  json: {
    chain: (place, report) =>
      `${JSON.stringify({ type: 'chain', place, good: report.fault === undefined, ...report })}\n`,
    summary: (summary) => `${JSON.stringify({ type: 'summary', ...summary })}\n`,
  },
};

function extent({
  chain,
  events,
  eventsCounted,
  files,
  final,
  point,
  segments,
  unfinishedFiles,
  withheld,
}: VerifyReport): string {
  const parts = [counted(segments, 'segment'), counted(files, 'file'), counted(events, 'event')];
  if (eventsCounted < events) parts.push(`${events - eventsCounted} of them as the signer counted`);
  if (withheld > 0) parts.push(`${counted(withheld, 'event')} withheld by the signer`);
  if (unfinishedFiles > 0) {
    parts.push(`${counted(unfinishedFiles, 'file')} of a segment that is not signed yet: not verified`);
  }
  const end = final
    ? `complete with segment ${point?.sequence ?? 0}`
    : `up to segment ${point?.sequence ?? 0}`;
  return `${parts.join(', ')}; ${end} of ${chain ?? ''}`;
}

function where({ file, lines, sequence }: Fault): string {
  const parts: string[] = [];
  if (sequence !== undefined) parts.push(`segment ${sequence}`);
  if (file !== undefined) parts.push(file);
  if (lines !== undefined)
    parts.push(lines.from === lines.to ? `line ${lines.from}` : `lines ${lines.from} to ${lines.to}`);
  return parts.length === 0 ? '' : ` in ${parts.join(', ')}`;
}

function compared({ expected, found }: Fault): string {
  const lines: string[] = [];
  if (expected !== undefined) lines.push(`  expected ${visible(expected)}\n`);
  if (found !== undefined) lines.push(`  found    ${visible(found)}\n`);
  return lines.join('');
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
