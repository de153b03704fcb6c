/** What becomes of an event on its way into a feed: it is left out where it comes from the recipient, redacted, and marked. */
import {
  appendReporterStepText,
  buildReporterstep,
  chainNames,
  isMembers,
  parseTimestamp,
} from '@cadf-pipeline/cadf-model';
import type { Members, Reporterstep } from '@cadf-pipeline/cadf-model';
import { compileRedaction, redactionAttachment } from '@cadf-pipeline/redaction';
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

/** `loop`: the event has been here before it came, or at the recipient. `transfer`: it is about a segment that changed hands. */
export type Withheld = 'loop' | 'transfer';

/** Throws FeedStop for an event that cannot be given. `source`: as it is stored here. */
export type Give = (text: Buffer, source: string) => GivenEvent | Withheld;

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
    const event = parse(text);
    const names = chainNames(event);
    if (names.includes(issuer) || (peer !== undefined && names.includes(peer))) return 'loop';
    if (isTransfer(event, source)) return 'transfer';
    const eventTimeMs = parseTimestamp(String(event['eventTime']))?.epochMs ?? Number.POSITIVE_INFINITY;
    const outcome = redaction?.redact(text) ?? { ok: true as const, text, rules: [] };
    if (!outcome.ok)
      throw new FeedStop(feedErrors.FEED_EVENT_UNREDACTED, `${outcome.code}: ${outcome.message}`);
    return {
      text: marked(outcome.text, stepOf(outcome.rules)),
      eventTimeMs,
      isRedacted: outcome.rules.length > 0,
    };
  };
}

function compile(rules: readonly RedactionRule[], key: Uint8Array): Redaction {
  try {
    return compileRedaction(rules, key);
  } catch (error) {
    throw new FeedStop(feedErrors.FEED_REDACTION_INVALID, messageOf(error));
  }
}

function marked(text: string, step: Reporterstep): string {
  try {
    return appendReporterStepText(text, step);
  } catch (error) {
    throw new FeedStop(feedErrors.FEED_EVENT_UNMARKED, messageOf(error));
  }
}

function parse(text: string): Members {
  const event: unknown = JSON.parse(text);
  if (!isMembers(event)) throw new FeedStop(feedErrors.FEED_EVENT_UNMARKED, 'the event is no JSON object');
  return event;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
