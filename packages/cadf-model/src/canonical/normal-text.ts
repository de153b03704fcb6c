/** Normal forms of single values: type URIs, ids, enumerations. Each answers its argument when there is nothing to mend. */
import { cadfBaseUri, eventTypeUri } from '../entities/uris.ts';
import type { Classifier } from '../taxonomy.ts';
import { isTypeUriVariant } from '../validate/identity.ts';

const secureBaseUri = cadfBaseUri.replace('http:', 'https:');

/** The event's type URI: variant spellings, an empty and a missing one become the standard's. */
export function normalTypeUri(value: unknown): unknown {
  if (value === undefined || value === null) return eventTypeUri;
  if (typeof value !== 'string' || value.length > 256) return value;
  return value.trim() === '' || isTypeUriVariant(value) ? eventTypeUri : value;
}

/** A taxonomy value: blanks removed, `https` base to `http`, slash at the end cut, case folded where that makes it known. */
export function normalPath(value: unknown, classify: Classifier): unknown {
  if (typeof value !== 'string' || value.length > 1024) return value;
  let path = value.replaceAll(/\s+/g, '');
  if (path.startsWith(secureBaseUri)) path = cadfBaseUri + path.slice(secureBaseUri.length);
  while (path.length > 1 && path.endsWith('/')) path = path.slice(0, -1);
  const found = classify(path);
  return found.kind === 'other-case' ? found.canonical : path;
}

/** One of a closed set, whatever its case and the blanks around it. */
export function normalChoice(value: unknown, choices: readonly string[]): unknown {
  if (typeof value !== 'string' || value.length > 64) return value;
  const folded = value.trim().toLowerCase();
  return choices.includes(folded) ? folded : value;
}

/** An id: blanks around it, and after the colon of its scheme (`openstack: 1c2f…`), removed. */
export function normalId(value: unknown): unknown {
  if (typeof value !== 'string' || value.length > 1024) return value;
  const trimmed = value.trim();
  const [, scheme, rest] = /^([A-Za-z][A-Za-z0-9+.-]{0,31}:)[ \t]+(\S.*)$/.exec(trimmed) ?? [];
  return scheme === undefined || rest === undefined ? trimmed : scheme + rest;
}
