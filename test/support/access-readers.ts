/** Who reads in the access matrix, and how its rows tell what a reader was shown. */
import { MARK } from './access.ts';
import type { Answer, CallerName } from './access.ts';

export type Reader = 'queryA' | 'queryB' | 'queryAB' | 'queryNone' | 'queryAll' | 'root';
export const READERS: readonly Reader[] = ['queryA', 'queryB', 'queryAB', 'queryNone', 'queryAll', 'root'];

/** What each reader gets: `200 a ab …`, or a refusal. */
export type Verdicts = Readonly<Record<Reader, string>>;

/** A row that reads by GET. */
export interface ReadRow {
  /** Path as in /openapi.json. */
  readonly route: string;
  readonly what: string;
  readonly path: string;
  /** What a good answer shows. */
  readonly show: (answer: Answer) => string;
  readonly expected: Readonly<Partial<Record<CallerName, string>>>;
}

/** What of an event of the matrix is looked at. */
export interface Shown {
  readonly outcome: string;
  readonly target: { readonly name: string };
  readonly reporterchain?: readonly { readonly reporter: { readonly name: string } }[];
}

/** The label of an event, with whose steps its reporter chain has. */
export function labelOf({ target, reporterchain = [] }: Shown): string {
  const steps = reporterchain.map(({ reporter }) => (reporter.name === MARK.a ? 'a' : 'b'));
  return steps.length === 0 ? target.name : `${target.name}+${steps.join('+')}`;
}

/** The labels of the events of an answer: `a ab …`. */
export function labelsOf(answer: Answer): string {
  const events = answer.headers.get('content-type')?.startsWith('application/x-ndjson')
    ? answer.text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Shown]))
    : (answer.json<{ events?: Shown[] }>().events ?? [answer.json<Shown>()]);
  return events.map(labelOf).join(' ');
}

/** What a caller got: what `show` finds in a good answer, or a refusal as `refusal` tells it. */
export function told(
  answer: Answer,
  show: (answer: Answer) => string,
  refusal: (answer: Answer) => string = ({ verdict }) => verdict,
): string {
  return answer.status === 200 ? `200 ${show(answer)}`.trim() : refusal(answer);
}

/** The verdicts a reader gets, each made of another. */
export function mapped(from: Verdicts, change: (verdict: string, reader: Reader) => string): Verdicts {
  // The keys are those of the readers.
  return Object.fromEntries(READERS.map((name) => [name, change(from[name], name)])) as Verdicts;
}

/** How many events a verdict shows, a refusal as it is. */
export function counted(verdict: string): string {
  return verdict.startsWith('200') ? `200 ${verdict.split(' ').length - 1}` : verdict;
}

/** Verdicts without whose steps the reporter chains have. */
export function withoutChains(from: Verdicts): Verdicts {
  return mapped(from, (verdict) => verdict.replaceAll(/\+\S*/g, ''));
}
