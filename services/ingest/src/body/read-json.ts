/** A JSON document into its events: bare, in a list, a Log, a Report or an envelope (see `unwrapDocument`). */
import { unwrapDocument } from '@cadf-pipeline/cadf-model';
import type { DocumentItem } from '@cadf-pipeline/cadf-model';
import { ProblemError } from '@cadf-pipeline/service-kit';
import { ingestErrors } from '../errors.ts';
import { pathOfPointer } from '../json-pointer.ts';
import { createAddedBytes, readableItem, tooMany } from './item.ts';
import type { AddedBytes, BodyItem } from './item.ts';
import { isTooDeep } from './json-depth.ts';
import { createKnownPlaces, valueSpan } from './json-span.ts';
import type { KnownPlaces } from './json-span.ts';
import type { BodyLimits } from './limits.ts';

/** Envelopes around events, such as a Log in a CloudEvent. */
const MAX_ENVELOPES = 6;

/** Throws INGEST_BODY_UNREADABLE, INGEST_TOO_MANY_EVENTS. */
export function readJsonDocument(body: Buffer, limits: BodyLimits): readonly BodyItem[] {
  const text = body.toString('utf8');
  if (isTooDeep(text, limits.maxDepth + MAX_ENVELOPES))
    throw new ProblemError(ingestErrors.INGEST_BODY_UNREADABLE, {
      detail: `The body is nested deeper than ${limits.maxDepth}.`,
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ProblemError(ingestErrors.INGEST_BODY_UNREADABLE, {
      detail: error instanceof Error ? error.message.slice(0, 200) : 'The body is not JSON.',
    });
  }
  // An empty list is a well-formed submission of nothing.
  if (Array.isArray(value) && value.length === 0) return [];
  const items = itemsOfDocument(text, value, limits);
  if (items.length > limits.maxEvents) throw tooMany(limits);
  return items;
}

/** The events of a parsed document, each with its own characters of `text`. */
export function itemsOfDocument(
  text: string,
  value: unknown,
  limits: BodyLimits,
  added: AddedBytes = createAddedBytes(),
): BodyItem[] {
  const known = createKnownPlaces();
  const embedded = new Map<string, EmbeddedText>();
  return unwrapDocument(value, { maxEvents: limits.maxEvents, maxNesting: MAX_ENVELOPES }).items.map(
    (item) => {
      if (item.fault !== undefined)
        return {
          readable: false,
          code: 'INGEST_ITEM_NOT_AN_EVENT',
          detail: `${item.path === '' ? 'The document' : `At ${item.path}`}: ${item.fault.message}; ${item.fault.hint}.`,
        };
      const own = eventText(text, item, known, embedded);
      return readableItem(own, item.value, item.definitions, limits, added);
    },
  );
}

/** JSON text that is itself a string of the document (oslo.messaging). */
interface EmbeddedText {
  readonly text: string;
  readonly known: KnownPlaces;
}

function eventText(
  text: string,
  { path, within, value }: DocumentItem,
  known: KnownPlaces,
  embedded: Map<string, EmbeddedText>,
): string {
  if (within === undefined) return textAt(text, path, known) ?? JSON.stringify(value);
  let outer = embedded.get(path);
  if (outer === undefined) {
    outer = { text: embeddedText(textAt(text, path, known)), known: createKnownPlaces() };
    embedded.set(path, outer);
  }
  return textAt(outer.text, within, outer.known) ?? JSON.stringify(value);
}

function embeddedText(literal: string | undefined): string {
  const decoded: unknown = literal === undefined ? undefined : JSON.parse(literal);
  return typeof decoded === 'string' ? decoded : 'null';
}

function textAt(text: string, pointer: string, known: KnownPlaces): string | undefined {
  if (pointer === '') return text.trim();
  const span = valueSpan(text, pathOfPointer(pointer), known);
  return span === undefined ? undefined : text.slice(span.start, span.end);
}
