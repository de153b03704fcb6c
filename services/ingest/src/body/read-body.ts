/**
 * A request body into its events, each with its own text. What cannot be read at all is a problem of the request;
 * what concerns one event is an item that says so, and the others go on.
 */
import { isUtf8 } from 'node:buffer';
import { ProblemError } from '@cadf-pipeline/service-kit';
import { ingestErrors } from '../errors.ts';
import type { BodyItem } from './item.ts';
import type { BodyLimits } from './limits.ts';
import { readJsonDocument } from './read-json.ts';
import { readNdjson } from './read-ndjson.ts';
import { readXmlDocument } from './read-xml.ts';

export type BodyForm = 'json' | 'ndjson' | 'xml';

const FORMS: ReadonlyMap<string, BodyForm> = new Map([
  ['application/json', 'json'],
  ['application/cloudevents+json', 'json'],
  ['application/cloudevents-batch+json', 'json'],
  ['application/x-ndjson', 'ndjson'],
  ['application/ndjson', 'ndjson'],
  ['application/jsonl', 'ndjson'],
  ['application/json-seq', 'ndjson'],
  ['application/xml', 'xml'],
  ['text/xml', 'xml'],
]);

/**
 * Reads an unpacked body; NDJSON line by line as it is asked for. Throws, then or while it is read, INGEST_CONTENT_TYPE_UNSUPPORTED, INGEST_BODY_UNREADABLE, INGEST_BODY_EMPTY,
 * INGEST_TOO_MANY_EVENTS.
 */
export function readBody(
  media: { readonly type: string; readonly charset: string },
  body: Buffer,
  limits: BodyLimits,
): Iterable<BodyItem> {
  const form = FORMS.get(media.type);
  if (form === undefined)
    throw new ProblemError(ingestErrors.INGEST_CONTENT_TYPE_UNSUPPORTED, {
      detail:
        media.type === '' ? 'There is no Content-Type.' : `Content-Type is "${media.type.slice(0, 80)}".`,
    });
  if (media.charset !== 'utf-8' && media.charset !== 'utf8' && media.charset !== 'us-ascii')
    throw new ProblemError(ingestErrors.INGEST_CONTENT_TYPE_UNSUPPORTED, {
      detail: `The charset is "${media.charset.slice(0, 40)}"; only UTF-8 is read.`,
    });
  const text = withoutByteOrderMark(body);
  if (form === 'ndjson') return readNdjson(text, limits);
  if (!isUtf8(text))
    throw new ProblemError(ingestErrors.INGEST_BODY_UNREADABLE, { detail: 'The body is not UTF-8.' });
  return form === 'json' ? readJsonDocument(text, limits) : readXmlDocument(text, limits);
}

/** Some emitters put U+FEFF in front; it is no part of JSON (RFC 8259 §8.1 lets a reader skip it). */
function withoutByteOrderMark(body: Buffer): Buffer {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body;
}
