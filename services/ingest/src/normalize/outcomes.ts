/** The three ends of a record, as sources tell them. */
import type { CadfEvent } from '@cadf-pipeline/cadf-model';
import type { NormalizerContext, Outcome, RawRecord } from '../source.ts';

/** `code` is upper case and begins with the source's name; `detail` says what is wrong, where, and how to mend it. */
export function deadLetter(records: readonly RawRecord[], code: string, detail: string): Outcome {
  return { kind: 'dead-letter', code, detail, records };
}

/** `records`: the one that decided the event first. */
export function event(rule: string, records: readonly RawRecord[], made: CadfEvent): Outcome {
  return { kind: 'event', event: made, rule, records };
}

export interface Ignoring {
  /**
   * A record that is noise to an audit: ignored, unless the setting `keep` of the source names its rule; then the event
   * that `make` gives (omit it where there is nothing to make one of).
   */
  ignored(rule: string, records: readonly RawRecord[], make?: () => CadfEvent): Outcome;
}

/** Setting `keep`: rules of ignored records that become events all the same, joined by commas; `all` is every rule. */
export function createIgnoring({ options }: NormalizerContext): Ignoring {
  const kept = new Set((options?.['keep'] ?? '').split(',').map((rule) => rule.trim()));
  const keepsAll = kept.has('all');
  return {
    ignored(rule, records, make) {
      if (make !== undefined && (keepsAll || kept.has(rule))) return event(rule, records, make());
      return { kind: 'ignored', rule, records };
    },
  };
}
