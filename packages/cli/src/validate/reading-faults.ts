/** Faults of texts that cannot be read as events at all. docs/cli.md lists them. */
import type { Checked, Finding, Place } from './finding.ts';

export const readingFaults = {
  CADF_READ_EMPTY: {
    message: 'there is no event in it',
    hint: 'give at least one event',
  },
  CADF_READ_ENCODING: {
    message: 'here is a byte that is no UTF-8',
    hint: 'convert the text to UTF-8',
  },
  CADF_READ_JSON: {
    message: 'the text is not JSON',
    hint: 'write JSON as RFC 8259 says',
  },
  CADF_READ_TOO_DEEP: {
    message: 'the text is nested too deeply',
    hint: 'at most 64 objects and lists inside each other are read',
  },
  CADF_READ_TOO_LARGE: {
    message: 'the event is larger than is taken',
    hint: 'an event has at most 1 MiB; move large content out of its attachments',
  },
} as const;

export type ReadingFaultCode = keyof typeof readingFaults;

/** Most bytes of one event: what intake takes unless it is set otherwise (CADF_MAX_EVENT). */
export const maxEventBytes = 1024 * 1024;

/** The finding for one of these faults; `said` replaces its general message and hint. */
export function readingFinding(
  code: ReadingFaultCode,
  place: Place,
  said: { readonly message?: string; readonly hint?: string; readonly pointer?: string } = {},
): Finding {
  return {
    code,
    severity: 'error',
    pointer: '',
    within: undefined,
    ...place,
    ...readingFaults[code],
    ...said,
  };
}

/** The result for a text that counts as one event nothing is known of. */
export function unreadable(finding: Finding): Checked {
  return { events: 1, valid: 0, findings: [finding] };
}
