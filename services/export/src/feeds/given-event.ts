/** What becomes of an event on its way into a feed: it is redacted and marked, or withheld. */
import {
  appendReporterStepText,
  buildReporterstep,
  chainNames,
  isMembers,
  parseTimestamp,
  ReporterChainError,
} from '@cadf-pipeline/cadf-model';
import type { Reporterstep } from '@cadf-pipeline/cadf-model';
import { compileRedaction, redactionAttachment, RedactionRuleError } from '@cadf-pipeline/redaction';
import type { Redaction, RedactionRule } from '@cadf-pipeline/redaction';
import { feedErrors } from './feed-errors.ts';
import { FeedStop } from './feed-stop.ts';
import { isTransfer } from './transfer-event.ts';

export interface GivenEvent {
  /** One line, without its end. */
  readonly text: string;
  readonly eventTimeMs: number;
  readonly isRedacted: boolean;
}

export interface GiveOptions {
  /** Of this deployment. */
  readonly issuer: string;
  /** Of the recipient, where it is known. */
  readonly peer: string | undefined;
  readonly rules: readonly RedactionRule[];
  /** Of the hashes of this feed. */
  readonly key: Uint8Array;
  /** When it is given, milliseconds since 1970 UTC. */
  readonly timeMs: number;
}

/**
 * An event, or the code of why it is withheld: LOOP, it has been here before or at the
 * recipient; TRANSFER, it is about a segment that changed hands; it cannot be redacted, or marked.
 * `source`: as it is stored here.
 */
export type Give = (text: Buffer, source: string) => GivenEvent | string;

export const LOOP = 'LOOP';
const NO_EVENT = 'REDACTION_NOT_AN_EVENT';

/** Line feeds stand between the tokens of JSON only, where a blank is as good. */
const LINE_BREAKS = /[\n\r]/g;

/** Throws FeedStop where the rules are none of this version. */
export function createGive({ issuer, key, peer, rules, timeMs }: GiveOptions): Give {
  const redaction = rules.length === 0 ? undefined : compile(rules, key);
  const here = { id: issuer, typeURI: 'service/oss/logging', name: 'CADF pipeline' };
  const relay = buildReporterstep({ role: 'relay', reporter: here, reporterTime: timeMs });
  const modifiers = new Map<string, Reporterstep>();

  function stepOf(applied: readonly string[]): Reporterstep {
    if (applied.length === 0) return relay;
    const name = applied.join(' ');
    const step =
      modifiers.get(name) ??
      buildReporterstep({
        role: 'modifier',
        reporter: here,
        reporterTime: timeMs,
        attachments: [redactionAttachment(applied)],
      });
    modifiers.set(name, step);
    return step;
  }

  return (bytes, source) => {
    const text = bytes.toString('utf8').replace(LINE_BREAKS, ' ');
    const event: unknown = JSON.parse(text);
    if (!isMembers(event)) return NO_EVENT;
    const names = chainNames(event);
    if (names.includes(issuer) || (peer !== undefined && names.includes(peer))) return LOOP;
    if (isTransfer(event, source)) return 'TRANSFER';
    const eventTimeMs = parseTimestamp(String(event['eventTime']))?.epochMs ?? Number.POSITIVE_INFINITY;
    const outcome = redaction?.redact(text) ?? { ok: true as const, text, rules: [] };
    if (!outcome.ok) return outcome.code;
    const marked = mark(outcome.text, stepOf(outcome.rules));
    return typeof marked === 'string'
      ? { text: marked, eventTimeMs, isRedacted: outcome.rules.length > 0 }
      : marked.code;
  };
}

function compile(rules: readonly RedactionRule[], key: Uint8Array): Redaction {
  try {
    return compileRedaction(rules, key);
  } catch (error) {
    if (!(error instanceof RedactionRuleError)) throw error;
    throw new FeedStop(feedErrors.FEED_REDACTION_INVALID, error.message);
  }
}

function mark(text: string, step: Reporterstep): string | ReporterChainError {
  try {
    return appendReporterStepText(text, step);
  } catch (error) {
    if (error instanceof ReporterChainError) return error;
    throw error;
  }
}
