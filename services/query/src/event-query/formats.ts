/** The forms events are answered in. Each is written piece by piece: head, events, tail. */
import { encodeXmlElement, isMembers, reportTypeUri, xmlFrame } from '@cadf-pipeline/cadf-model';
import { CSV_FIELDS, csvHeading, csvLine } from '@cadf-pipeline/event-formats';
import { ProblemError } from '@cadf-pipeline/service-kit';
import { randomUUID } from 'node:crypto';
import { queryErrors } from '../errors.ts';
import { selectFields } from './fields.ts';
import type { Field } from './fields.ts';
import { negotiate } from './media-type.ts';
import type { Offers } from './media-type.ts';

export type FormatName = 'json' | 'ndjson' | 'csv' | 'xml';

const OFFERS: Offers<FormatName> = {
  json: ['application/json'],
  ndjson: ['application/x-ndjson', 'application/ndjson', 'application/jsonl'],
  csv: ['text/csv'],
  xml: ['application/xml', 'text/xml', 'application/cadf+xml'],
};

/** As sent. */
export const CONTENT_TYPES: Readonly<Record<FormatName, string>> = {
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8; header=present',
  xml: 'application/xml; charset=utf-8',
};

/** Throws QUERY_NOT_ACCEPTABLE. */
export function acceptedFormat(accept: string | undefined): FormatName {
  const format = negotiate(accept, OFFERS);
  if (format === undefined) throw new ProblemError(queryErrors.QUERY_NOT_ACCEPTABLE);
  return format;
}

export interface EventFormat {
  readonly head: string;
  /** Whole events, in order; called again for those that follow. */
  events(texts: readonly string[]): string;
  /** Only the JSON form has a place for `links`, its last members. */
  tail(links: Readonly<Record<string, string>>): string;
}

/** One answer in a form. `now` in ms since 1970 UTC is the time of a Report. */
export function createFormat(
  name: FormatName,
  fields: readonly Field[] | undefined,
  now: number,
): EventFormat {
  const select = fields === undefined ? (text: string): string => text : selectFields(fields);
  switch (name) {
    case 'json': {
      let first = true;
      return {
        head: '{"events":[',
        events(texts) {
          if (texts.length === 0) return '';
          const separator = first ? '' : ',';
          first = false;
          return separator + texts.map(select).join(',');
        },
        tail: (links) => {
          const members = Object.entries(links).map(
            ([member, value]) => `,${JSON.stringify(member)}:${JSON.stringify(value)}`,
          );
          return `]${members.join('')}}`;
        },
      };
    }
    case 'ndjson':
      // A line break in a stored text can only stand between tokens, where a blank means the same.
      return {
        head: '',
        events: (texts) => texts.map((text) => `${select(text).replaceAll(/[\r\n]+/g, ' ')}\n`).join(''),
        tail: () => '',
      };
    case 'csv': {
      const columns = fields ?? CSV_FIELDS;
      return {
        head: csvHeading(columns),
        events: (texts) => texts.map((text) => csvLine(text, columns)).join(''),
        tail: () => '',
      };
    }
    case 'xml': {
      const { head, tail } = xmlFrame(report(now));
      return {
        head,
        events: (texts) => texts.map((text) => xmlOf(select(text))).join(''),
        tail: () => tail,
      };
    }
  }
}

/** DSP0262 6.4: made for a reader, of events that were found. */
function report(now: number): Record<string, unknown> {
  return {
    typeURI: reportTypeUri,
    id: `urn:uuid:${randomUUID()}`,
    reportTime: new Date(now).toISOString().replace('Z', '+00:00'),
    generator: { id: 'cadf-pipeline', typeURI: 'service/oss/logging', name: 'CADF pipeline query' },
    name: 'Events found by a query',
  };
}

function xmlOf(text: string): string {
  const event: unknown = JSON.parse(text);
  return isMembers(event) ? encodeXmlElement(event) : '';
}
