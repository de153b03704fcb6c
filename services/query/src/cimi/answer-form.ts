/** How an answer is written: JSON or XML, version 1 or 2, and what its references are relative to. */
import { frameworkErrors, ProblemError } from '@cadf-pipeline/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { queryErrors } from '../errors.ts';
import { ownOrigin } from '../own-origin.ts';
import type { CimiCollection, CimiResource, CimiVersion } from './resource.ts';
import { writeJson } from './write-json.ts';
import { writeXml } from './write-xml.ts';

export interface AnswerForm {
  readonly format: 'json' | 'xml';
  readonly version: CimiVersion;
  /** Value of the response header of version 1; version 2 has none. */
  readonly specification: string | undefined;
}

type Spoken = Pick<AnswerForm, 'version' | 'specification'>;

export const VERSION_HEADER = 'CIMI-Specification-Version';
const VERSION_2: Spoken = { version: '2', specification: undefined };
const MEDIA_TYPES = { json: 'application/json', xml: 'application/xml' } as const;

/** Throws REQUEST_INVALID for a `$format` that is none, QUERY_NOT_ACCEPTABLE where none of what is accepted is spoken. */
export function readForm(request: FastifyRequest): AnswerForm {
  return { format: readFormat(request), ...readVersion(request) };
}

/** For the answer to a request that may be wrong in just this. */
export function readFormLeniently(request: FastifyRequest): AnswerForm {
  try {
    return readForm(request);
  } catch {
    return { format: 'json', ...VERSION_2 };
  }
}

export function sendCimi(
  reply: FastifyReply,
  resource: CimiResource | CimiCollection,
  { format, version, specification }: AnswerForm,
): FastifyReply {
  if (specification !== undefined) void reply.header(VERSION_HEADER, specification);
  const text = format === 'json' ? writeJson(resource, version) : writeXml(resource, version);
  // Bytes, so that no response schema rewrites them.
  return reply.header('vary', `Accept, ${VERSION_HEADER}`).type(MEDIA_TYPES[format]).send(Buffer.from(text));
}

function readFormat(request: FastifyRequest): AnswerForm['format'] {
  const { query } = request;
  const asked: unknown =
    typeof query === 'object' && query !== null ? Reflect.get(query, '$format') : undefined;
  if (asked !== undefined) {
    const format = String(asked).toLowerCase();
    if (format === 'json' || format === 'xml') return format;
    throw new ProblemError(frameworkErrors.REQUEST_INVALID, {
      detail: `$format is ${JSON.stringify(String(asked).slice(0, 40))}: ask for json or xml.`,
    });
  }
  return acceptedFormat(request.headers.accept);
}

function acceptedFormat(accept: string | undefined): AnswerForm['format'] {
  if (accept === undefined || accept.trim() === '') return 'json';
  const ranges = accept
    .split(',')
    .map((range) => {
      const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith('q='));
      return { type, weight: weight === undefined ? 1 : Number(weight.slice(2)) || 0 };
    })
    .toSorted((a, b) => b.weight - a.weight);
  const isJsonRefused = ranges.some(({ type, weight }) => type === 'application/json' && weight === 0);
  for (const { type, weight } of ranges) {
    if (weight <= 0) continue;
    if (type === 'application/json') return 'json';
    if (type === 'application/*' || type === '*/*') return isJsonRefused ? 'xml' : 'json';
    if (type === 'application/xml' || type === 'text/xml' || type === 'text/*') return 'xml';
  }
  throw new ProblemError(queryErrors.QUERY_NOT_ACCEPTABLE, {
    detail: 'Accept application/json or application/xml.',
  });
}

/**
 * Consumers of version 1 may say so in the header, the ones they prefer first; version 2 has no such header, so a
 * request without one is of version 2.
 */
function readVersion({ headers }: FastifyRequest): Spoken {
  const header = headers[VERSION_HEADER.toLowerCase()];
  const asked = String(header ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  if (asked.length === 0) return VERSION_2;
  for (const one of asked) {
    if (/^2(\.0){0,2}$/.test(one)) return VERSION_2;
    if (/^1(\.0){0,2}$|^1\.0\.1$/.test(one)) return { version: '1', specification: '1.0.1' };
    if (/^1\.1(\.0)?$/.test(one)) return { version: '1', specification: '1.1.0' };
  }
  throw new ProblemError(queryErrors.QUERY_NOT_ACCEPTABLE, {
    detail: `${VERSION_HEADER} is ${JSON.stringify(asked.join(', ').slice(0, 60))}: 1.0, 1.1 and 2.0 are spoken.`,
  });
}

/** What relative references are resolved against: ends in `/`. */
export function baseUri(request: FastifyRequest): string {
  return `${ownOrigin(request)}/cimi/`;
}
