/**
 * What a record of the topic `cadf.events` (and `cadf.dead-letters`) says beside its value: the headers of
 * docs/architecture.md, "Stream record". One place writes and reads them, whichever service does.
 */
import type { RecordHeaders } from './interface.ts';

/** The topic of the events; intake makes it. */
export const EVENTS_TOPIC = 'cadf.events';
/** The consumer group that writes events into the store: what it has committed, the store has handled. */
export const WRITER_GROUP = 'cadf-writer';

/** What is true of every event of one submission. */
export interface SubmissionFacts {
  readonly source: string;
  readonly sourceType: string;
  /** Id of the key (or principal) that submitted. */
  readonly submitter: string;
  /** Validation profile the event passed. */
  readonly profile: string;
  /** Milliseconds since 1970 UTC. */
  readonly receivedMs: number;
}

/** What is true of one event. */
export interface EventFacts {
  readonly tenants: readonly string[];
  /** SHA-256 of the value, lower-case hex. */
  readonly digest: string;
  /** SHA-256 of what came in, when masking changed it. */
  readonly receivedDigest?: string;
}

/** The key of an event in the stream: source ids hold no slash, so the pair can be read back. */
export function eventKey(source: string, id: string): string {
  return `${source}/${id}`;
}

export function submissionHeaders(facts: SubmissionFacts): RecordHeaders {
  return {
    'cadf-source': facts.source,
    'cadf-source-type': facts.sourceType,
    'cadf-received': new Date(facts.receivedMs).toISOString(),
    'cadf-submitter': facts.submitter,
    'cadf-profile': facts.profile,
  };
}

/** Comma-separated, percent-encoded. Most tenant ids need no encoding, which is tested first. */
export function encodeTenants(tenants: readonly string[]): string {
  if (tenants.length === 0) return '';
  if (tenants.length === 1) return encodeTenant(tenants[0] ?? '');
  return tenants.map(encodeTenant).join(',');
}

function encodeTenant(tenant: string): string {
  return /^[\w.-]*$/.test(tenant) ? tenant : encodeURIComponent(tenant.toWellFormed());
}

export function decodeTenants(header: string | undefined): readonly string[] {
  if (header === undefined || header === '') return [];
  return header.split(',').map((part) => (part.includes('%') ? decodeTenant(part) : part));
}

function decodeTenant(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // Not ours (another producer wrote it): the text as it stands names no tenant of ours, which hides rather than shows.
    return part;
  }
}

export function eventHeaders(facts: EventFacts): RecordHeaders {
  const headers = { 'cadf-tenants': encodeTenants(facts.tenants), 'cadf-digest': facts.digest };
  return facts.receivedDigest === undefined
    ? headers
    : { ...headers, 'cadf-received-digest': facts.receivedDigest };
}

/** Reads the facts back. Headers another producer left out get the values that claim least. */
export function readEventHeaders(headers: RecordHeaders, timestampMs: number): SubmissionFacts & EventFacts {
  const received = receivedMs(headers['cadf-received']);
  const receivedDigest = headers['cadf-received-digest'];
  return {
    source: headers['cadf-source'] ?? 'unknown',
    sourceType: headers['cadf-source-type'] ?? 'cadf',
    submitter: headers['cadf-submitter'] ?? '',
    profile: headers['cadf-profile'] ?? '',
    receivedMs: Number.isNaN(received) ? timestampMs : received,
    tenants: decodeTenants(headers['cadf-tenants']),
    digest: headers['cadf-digest'] ?? '',
    ...(receivedDigest === undefined ? {} : { receivedDigest }),
  };
}

/** Milliseconds since 1970 UTC; NaN where it is no time. Events of one submission have one text, and follow each other. */
function receivedMs(text = ''): number {
  if (text !== lastReceived.text) lastReceived = { text, ms: Date.parse(text) };
  return lastReceived.ms;
}

let lastReceived = { text: '', ms: Number.NaN };
