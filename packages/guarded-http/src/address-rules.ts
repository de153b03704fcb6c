/**
 * Which addresses may be connected to on behalf of a user. What somebody enters must not lead into the network of the
 * pipeline (server-side request forgery): only public addresses, unless the administrator allows others; metadata
 * services of clouds, which hand out credentials, never.
 */
import ipaddr from 'ipaddr.js';
import {
  GLOBAL_UNICAST,
  METADATA_NAMES,
  METADATA_RANGES,
  SPECIAL_RANGES,
  inRange,
} from './special-addresses.ts';
import type { Address } from './special-addresses.ts';

export interface AddressRules {
  /** Every address but those of metadata services; and what is not encrypted. */
  readonly allowPrivate: boolean;
  /** The setting that allows them, such as `CADF_WEBHOOK_ALLOW_PRIVATE`: named where something is refused. */
  readonly allowedBy?: string;
}

/** The code of an `AddressRefused`, also as the `code` of a socket error. */
export const ADDRESS_REFUSED = 'ERR_ADDRESS_REFUSED';

/** An address or a name that may not be connected to; the message is a sentence for whoever entered it. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  readonly code = ADDRESS_REFUSED;
}

/**
 * Why an address may not be connected to, as a sentence; undefined where it may. `text` is what a socket is given: IPv4
 * or IPv6, with or without a zone. What is no address is refused.
 */
export function refusalOfAddress(text: string, rules: AddressRules): string | undefined {
  const bare = withoutZone(text);
  const address = ipaddr.isValid(bare) ? ipaddr.parse(bare) : undefined;
  if (address === undefined) return `${shown(text)} is no address.`;
  const forms = [address, ...embedded(address)];
  for (const form of forms) {
    const metadata = METADATA_RANGES.find((range) => inRange(form, range));
    if (metadata !== undefined) return `${shown(text)} is ${metadata.what}: nothing is ever sent there.`;
  }
  if (rules.allowPrivate) return undefined;
  const what = whyNotPublic(address);
  return what === undefined
    ? undefined
    : `${shown(text)} is ${what}, not one of the public internet; ${howToAllow(rules)}.`;
}

/** For the end of a sentence: what mends a refusal that `allowPrivate` would lift. */
export function howToAllow({ allowedBy }: AddressRules): string {
  return `an administrator can allow it${allowedBy === undefined ? '' : ` with ${allowedBy}=true`}`;
}

/**
 * Why a host as it is entered may not be connected to; undefined where it may, as far as can be told before its name is
 * looked up. Addresses are recognised in every form that programs read: `[::1]`, `2130706433`, `0x7f.1`, `0177.0.0.1`.
 */
export function refusalOfHost(host: string, rules: AddressRules): string | undefined {
  const bare = withoutBrackets(host);
  if (bare === '' || bare.length > 253) return 'The host is empty or longer than 253 characters.';
  if (ipaddr.isValid(withoutZone(bare))) return refusalOfAddress(bare, rules);
  const name = bare.toLowerCase().replace(/\.$/, '');
  if (bare.includes(':')) return `${shown(host)} is neither a name nor an address.`;
  // As in the URL standard: a name whose last part is a number would be read as an address by some programs.
  if (/^(?:\d+|0x[\da-f]*)$/.test(name.slice(name.lastIndexOf('.') + 1)))
    return ipaddr.isValid(name) ? refusalOfAddress(name, rules) : `${shown(host)} is no address.`;
  if (METADATA_NAMES.has(name))
    return `${shown(host)} is a cloud metadata service: nothing is ever sent there.`;
  if (!rules.allowPrivate && (name === 'localhost' || name.endsWith('.localhost')))
    return `${shown(host)} is this machine itself, not a host of the public internet; ${howToAllow(rules)}.`;
  return undefined;
}

/** Throws AddressRefused where `refusalOfHost` gives a reason: before a connection to a host that was entered. */
export function checkHost(host: string, rules: AddressRules): void {
  const refusal = refusalOfHost(host, rules);
  if (refusal !== undefined) throw new AddressRefused(refusal);
}

function whyNotPublic(address: Address): string | undefined {
  if (address instanceof ipaddr.IPv6) {
    const translated = mappedOrTranslated(address);
    if (translated !== undefined) return whyNotPublic(translated);
  }
  const special = SPECIAL_RANGES.find((range) => inRange(address, range));
  if (special !== undefined) return special.what;
  if (address instanceof ipaddr.IPv6 && !inRange(address, GLOBAL_UNICAST))
    return 'a reserved address (RFC 4291)';
  return undefined;
}

/** The IPv4 address a packet really goes to: mapped (RFC 4291 §2.5.5.2), or by the well-known NAT64 prefix (RFC 6052). */
function mappedOrTranslated(address: ipaddr.IPv6): ipaddr.IPv4 | undefined {
  const parts = address.parts;
  const mapped = parts.slice(0, 5).every((part) => part === 0) && parts[5] === 0xff_ff;
  const nat64 = parts[0] === 0x64 && parts[1] === 0xff_9b && parts.slice(2, 6).every((part) => part === 0);
  return mapped || nat64 ? ipv4Of(parts, 6) : undefined;
}

/**
 * IPv4 addresses that some translation may find in an IPv6 address: at its end (mapped, compatible, translated, NAT64 of
 * any /96 prefix, ISATAP), behind the prefixes of 6to4 and Teredo (server, and client inverted), and where RFC 6052 §2.2
 * puts them for shorter prefixes (the eighth byte left out). Looked at for metadata services only, which are so few that
 * a stranger's address does not look like one by chance.
 */
function embedded(address: Address): readonly ipaddr.IPv4[] {
  if (address instanceof ipaddr.IPv4) return [];
  const { parts } = address;
  const bytes = address.toByteArray();
  const spread = bytes.filter((_, index) => index !== 8);
  const found = [
    ipv4Of(parts, 6),
    ...[4, 5, 6, 7, 8].map((start) => new ipaddr.IPv4(spread.slice(start, start + 4))),
  ];
  if (parts[0] === 0x20_02) found.push(ipv4Of(parts, 1));
  if (parts[0] === 0x20_01 && parts[1] === 0)
    found.push(
      ipv4Of(parts, 2),
      ipv4Of(
        parts.map((part) => part ^ 0xff_ff),
        6,
      ),
    );
  return found;
}

function ipv4Of(parts: readonly number[], from: number): ipaddr.IPv4 {
  const high = parts[from] ?? 0;
  const low = parts[from + 1] ?? 0;
  return new ipaddr.IPv4([high >> 8, high & 0xff, low >> 8, low & 0xff]);
}

function withoutZone(text: string): string {
  const zone = text.indexOf('%');
  return zone < 0 ? text : text.slice(0, zone);
}

function withoutBrackets(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

function shown(text: string): string {
  return `"${text.slice(0, 100)}"`;
}
