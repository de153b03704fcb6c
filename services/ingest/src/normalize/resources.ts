/** The resources events of hypervisors are about. Ids are local to a machine or manager: they are qualified by it. */
import type { Resource } from '@cadf-pipeline/cadf-model';

/** Names longer than this are cut; the record attached has them whole. */
export const MAX_NAME = 1024;
const MAX_ID_PART = 256;
/** What `encodeURI` leaves as it is, without `?` and `#`. */
const PLAIN = /^[A-Za-z0-9\-_.!~*'();/:@&=+$,]*$/;
/** What CADF says where nobody is known; never another id for somebody who is not known. */
export const UNKNOWN_ID = 'unknown';

/** Percent-encodes what a URI reference may not hold; `/` stays. At most 256 characters of the text are used. */
export function uriPart(text: string): string {
  // Most names need nothing of it, and encoding costs ten times as much as looking.
  if (text.length <= MAX_ID_PART && PLAIN.test(text)) return text;
  return encodeURI(text.toWellFormed().slice(0, MAX_ID_PART).toWellFormed()).replaceAll(
    /[?#]/g,
    encodeURIComponent,
  );
}

/** At most MAX_NAME characters; half a character, which text in JSON may hold, is U+FFFD. */
export function shortName(text: string): string {
  return (text.length <= MAX_NAME ? text : text.slice(0, MAX_NAME)).toWellFormed();
}

/** An id of parts, most general first: `qualifiedId('pve1', 'qemu', '103')` is `pve1/qemu/103`. */
export function qualifiedId(...parts: readonly string[]): string {
  return parts.map(uriPart).join('/');
}

export interface UserFacts {
  /** What its id is unique in: a host, a directory, a realm. */
  readonly scope: string;
  readonly name: string;
  /** Where it is not the name: a uid, an SID, a UUID. */
  readonly id?: string;
  /** Network address it came from. */
  readonly address?: string | undefined;
  /** What it used: a browser, a command line tool. */
  readonly agent?: string | undefined;
}

/** A person's account: `data/security/account/user`. */
export function user({ scope, name, id, address, agent }: UserFacts): Resource {
  const host = {
    ...(address === undefined || address === '' ? {} : { address }),
    ...(agent === undefined || agent === '' ? {} : { agent: shortName(agent) }),
  };
  return {
    id: qualifiedId(scope, 'user', id ?? name),
    typeURI: 'data/security/account/user',
    name: shortName(name),
    ...(Object.keys(host).length === 0 ? {} : { host }),
  };
}

/** Somebody of whom the record says nothing, or only the address. */
export function unknownInitiator(address?: string): Resource {
  return {
    id: UNKNOWN_ID,
    typeURI: 'unknown',
    ...(address === undefined || address === '' ? {} : { host: { address } }),
  };
}

/** A program on a host, such as the daemon that wrote the record: `service/compute`. */
export function service(host: string, program: string, typeURI = 'service/compute'): Resource {
  return {
    id: qualifiedId(host, program),
    typeURI,
    name: shortName(program),
    host: { id: uriPart(host) },
  };
}

/** Anything with a type, an id (made whole by the caller) and perhaps a name. */
export function resource(typeURI: string, id: string, name?: string): Resource {
  return { id, typeURI, ...(name === undefined || name === '' ? {} : { name: shortName(name) }) };
}
