/**
 * Tells when collecting from a source begins to fail, by code, and when it works again. What was told is remembered, so
 * that a restart neither tells it twice nor forgets that it has to tell the end.
 */
import type { CadfEvent } from '@cadf-pipeline/cadf-model';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Value } from 'typebox/value';
import type { CimiFailure } from '../cimi/cimi-failure.ts';
import type { SourceMarks } from './collected-marks.ts';
import { recoveryEvent, troubleEvent } from './own-events.ts';
import type { Mark } from './poll-context.ts';

const KIND = 'trouble';
const MAX_DETAIL = 500;

const Remembered = Type.Object({
  beganMs: Type.Number(),
  detail: Type.String(),
  /** The beginning was told. */
  isTold: Type.Boolean(),
  /** It is over, and that is not told yet. */
  endedMs: Type.Optional(Type.Number()),
});
type Remembered = Static<typeof Remembered>;

export interface TroubleReport {
  /**
   * `isWhole`: everything was tried, so that what did not fail works. Throws what `tell` and the marks throw: then the
   * next call tells it.
   */
  settle(
    failures: readonly CimiFailure[],
    isWhole: boolean,
    atMs: number,
    signal: AbortSignal,
  ): Promise<void>;
  /** Codes of what began to fail and was not seen to work since, before a restart too. */
  open(): readonly string[];
}

export interface TroubleReportDependencies {
  readonly source: { readonly id: string; readonly name: string };
  readonly marks: SourceMarks;
  readonly tell: (event: CadfEvent) => Promise<void>;
}

export function createTroubleReport({ source, marks, tell }: TroubleReportDependencies): TroubleReport {
  /** Each step is durable before the next one, so that the event is the same however often it is told. */
  async function settleOne(code: string, found: Remembered, signal: AbortSignal): Promise<void> {
    const trouble = { source: source.id, name: source.name, code, ...found };
    await marks.put([markOf(code, found)], signal);
    if (!found.isTold) await tell(troubleEvent(trouble));
    if (found.endedMs !== undefined) await tell(recoveryEvent(trouble, found.endedMs));
    await marks.put([markOf(code, found.endedMs === undefined ? { ...found, isTold: true } : null)], signal);
  }

  return {
    open: () => [...marks.remembered.entries(`${KIND}\n`)].map(([key]) => key.slice(KIND.length + 1)),
    async settle(failures, isWhole, atMs, signal) {
      const failing = new Map(failures.map((failure) => [failure.code as string, failure.message]));
      const known = new Map<string, Remembered>();
      for (const [key, value] of marks.remembered.entries(`${KIND}\n`)) {
        const found = parse(value);
        if (found !== undefined) known.set(key.slice(KIND.length + 1), found);
      }
      for (const [code, found] of known) {
        const isOver = isWhole && !failing.has(code) && found.endedMs === undefined;
        if (isOver) await settleOne(code, { ...found, endedMs: atMs }, signal);
        else if (!found.isTold || found.endedMs !== undefined) await settleOne(code, found, signal);
      }
      for (const [code, detail] of failing) {
        if (known.has(code) && known.get(code)?.endedMs === undefined) continue;
        await settleOne(code, { beganMs: atMs, detail: detail.slice(0, MAX_DETAIL), isTold: false }, signal);
      }
    },
  };
}

function markOf(code: string, value: Remembered | null): Mark {
  return { key: `${KIND}\n${code}`, value: value === null ? null : JSON.stringify(value) };
}

function parse(text: string): Remembered | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Value.Check(Remembered, value) ? value : undefined;
  } catch {
    return undefined;
  }
}
