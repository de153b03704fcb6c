/**
 * A raw record in the topic `cadf.records`, as a way in over the network received it: the value is its bytes, the
 * headers say the rest. The key is source and sender, so that the records of one sender stay in order.
 *
 * Among the records stand *flush marks* of a sender: where its normalizer gives up waiting is a place in the stream,
 * not a moment, so reading the records again flushes at the same place and gives the same outcomes.
 */
import { isUtf8 } from 'node:buffer';
import type { AppendRecord, RecordHeaders, StreamRecord } from '@cadf-pipeline/event-stream';
import type { RawRecord, RecordEnvelope, RecordFault } from '../source.ts';

/** What a way in knows of a record. */
export interface Reception {
  /** Id of the source. */
  readonly source: string;
  /** Whose order is kept within the source: an address, a host. At most 256 characters are used. */
  readonly sender: string;
  /** Who brought it: `syslog`, `kafka`, `cimi`. */
  readonly submitter: string;
  /** Milliseconds since 1970 UTC. */
  readonly receivedMs: number;
  readonly address?: string;
  readonly position?: string;
  readonly envelope?: RecordEnvelope;
  /** The record was longer than the bound: its whole length, the bytes given are the beginning. */
  readonly cutFromBytes?: number;
  /** It is no record: to be a dead letter. */
  readonly fault?: RecordFault;
}

export type ReceivedItem =
  | {
      readonly kind: 'record';
      readonly source: string;
      readonly submitter: string;
      readonly record: RawRecord;
    }
  | {
      readonly kind: 'flush';
      /** Only when this is the offset of the sender's last record; undefined: in any case. */
      readonly ifLast?: number;
    };

const MAX_SENDER = 256;
const MAX_POSITION = 512;
const MAX_ENVELOPE_PART = 256;
const MAX_BASE_URI = 4096;
const MAX_DETAIL = 2000;

export function receivedKey(source: string, sender: string): string {
  return `${source}/${sender.slice(0, MAX_SENDER).toWellFormed()}`;
}

/** `bytes` must not be changed afterwards. */
export function encodeReceived(bytes: Uint8Array, reception: Reception): AppendRecord {
  return {
    key: receivedKey(reception.source, reception.sender),
    value: bytes,
    headers: receptionHeaders(reception),
  };
}

function receptionHeaders(reception: Reception): RecordHeaders {
  const { address, position, envelope, cutFromBytes, fault } = reception;
  const headers: Record<string, string> = {
    'cadf-source': reception.source,
    'cadf-submitter': reception.submitter,
    'cadf-received-ms': String(reception.receivedMs),
  };
  if (address !== undefined) headers['cadf-address'] = bounded(address, MAX_SENDER);
  if (position !== undefined) headers['cadf-position'] = bounded(position, MAX_POSITION);
  if (envelope !== undefined) headers['cadf-envelope'] = encodeEnvelope(envelope);
  if (cutFromBytes !== undefined) headers['cadf-cut'] = String(cutFromBytes);
  if (fault !== undefined) {
    headers['cadf-fault'] = fault.code;
    headers['cadf-detail'] = bounded(fault.detail, MAX_DETAIL);
  }
  return headers;
}

/** A mark behind which the normalizer of a sender starts anew, what it held being told before. */
export function encodeFlush(key: string, ifLast?: number): AppendRecord {
  return {
    key,
    value: Buffer.alloc(0),
    headers: { 'cadf-flush': ifLast === undefined ? 'always' : String(ifLast) },
  };
}

/** Reads a record back. What another producer wrote and cannot be read so gets the values that claim least. */
export function decodeReceived({ key, value, headers, timestampMs }: StreamRecord): ReceivedItem {
  const flush = headers['cadf-flush'];
  if (flush !== undefined)
    return { kind: 'flush', ...(flush === 'always' ? {} : { ifLast: wholeNumber(flush) ?? -1 }) };
  const bytes = value ?? Buffer.alloc(0);
  const envelope = decodeEnvelope(headers['cadf-envelope']);
  const address = headers['cadf-address'];
  const position = headers['cadf-position'];
  const cutFromBytes = wholeNumber(headers['cadf-cut']);
  const code = headers['cadf-fault'];
  return {
    kind: 'record',
    source: headers['cadf-source'] ?? key.slice(0, Math.max(0, key.indexOf('/'))),
    submitter: headers['cadf-submitter'] ?? '',
    record: {
      text: bytes.toString('utf8'),
      // A copy: a record that is held must not keep the whole batch in memory.
      ...(isUtf8(bytes) ? {} : { bytes: Buffer.from(bytes) }),
      receivedMs: wholeNumber(headers['cadf-received-ms']) ?? timestampMs,
      ...(position === undefined ? {} : { position }),
      ...(address === undefined ? {} : { address }),
      ...(envelope === undefined ? {} : { envelope }),
      ...(cutFromBytes === undefined ? {} : { cutFromBytes }),
      ...(code === undefined ? {} : { fault: { code, detail: headers['cadf-detail'] ?? '' } }),
    },
  };
}

function encodeEnvelope({ host, program, pid, sentMs, baseUri }: RecordEnvelope): string {
  return JSON.stringify({
    ...(host === undefined ? {} : { host: bounded(host, MAX_ENVELOPE_PART) }),
    ...(program === undefined ? {} : { program: bounded(program, MAX_ENVELOPE_PART) }),
    ...(pid === undefined ? {} : { pid: bounded(pid, MAX_ENVELOPE_PART) }),
    ...(sentMs === undefined ? {} : { sentMs }),
    ...(baseUri === undefined || baseUri.length > MAX_BASE_URI ? {} : { baseUri: baseUri.toWellFormed() }),
  });
}

function decodeEnvelope(text: string | undefined): RecordEnvelope | undefined {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { host, program, pid, sentMs, baseUri } = value as Readonly<Record<string, unknown>>;
  return {
    ...(typeof host === 'string' ? { host } : {}),
    ...(typeof program === 'string' ? { program } : {}),
    ...(typeof pid === 'string' ? { pid } : {}),
    ...(typeof sentMs === 'number' ? { sentMs } : {}),
    ...(typeof baseUri === 'string' ? { baseUri } : {}),
  };
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function bounded(text: string, length: number): string {
  return (text.length > length ? text.slice(0, length) : text).toWellFormed();
}
