/** Where a resource of an event is, as far as its host or its addresses say. */
import { isIP } from 'node:net';
import { isMembers } from '@cadf-pipeline/cadf-model';
import type { Members } from '@cadf-pipeline/cadf-model';

export interface ResourceHost {
  readonly ipv4?: string;
  readonly ipv6?: string;
  /** A host name, where it is none of these. */
  readonly name?: string;
  readonly port?: string;
}

/** `host/address` first (DSP0262 6.2.5: a URI, in practice often a bare address), else the first of `addresses`. */
export function hostOf(resource: Members): ResourceHost {
  const host = resource['host'];
  const address = isMembers(host) ? host['address'] : undefined;
  if (typeof address === 'string' && address !== '') return toHost(address);
  const addresses: unknown = resource['addresses'];
  const first: unknown = Array.isArray(addresses) ? addresses[0] : undefined;
  const url = isMembers(first) ? first['url'] : undefined;
  return typeof url === 'string' ? toHost(url) : {};
}

function toHost(text: string): ResourceHost {
  const given = text.trim();
  if (given.includes('://')) {
    const url = URL.canParse(given) ? new URL(given) : undefined;
    if (url === undefined || url.hostname === '') return {};
    return { ...named(url.hostname.replace(/^\[|\]$/g, '')), ...(url.port === '' ? {} : { port: url.port }) };
  }
  const { host, port } = /^\[?(?<host>[^[\]\s/]{1,253}?)\]?(?::(?<port>\d{1,5}))?$/.exec(given)?.groups ?? {};
  if (isIP(given) !== 0) return named(given);
  return host === undefined ? {} : { ...named(host), ...(port === undefined ? {} : { port }) };
}

function named(host: string): ResourceHost {
  switch (isIP(host)) {
    case 4:
      return { ipv4: host };
    case 6:
      return { ipv6: host };
    default:
      return /^[\w.-]{1,253}$/.test(host) ? { name: host } : {};
  }
}
