/** Address ranges (CIDR, RFC 4632 and RFC 4291 2.3) over IPv4 and IPv6; `::ffff:10.0.0.1` is the IPv4 address in it. */

/** Whether an address is in the range; false for text that is no address. */
export type AddressTest = (address: Address) => boolean;

/** Eight 16-bit groups; an IPv4 address is in its mapped form. */
export type Address = readonly number[];

const GROUPS = 8;
const MAPPED_BITS = 96;
/** The longest text of an address: eight groups, the last two dotted. */
const MAX_LENGTH = 45;

/** Reads `10.0.0.0/8`, `2001:db8::/32` or one address. Bits below the prefix are ignored. Undefined when it is none. */
export function parseRange(text: string): AddressTest | undefined {
  const range = readRange(text);
  return range === undefined ? undefined : prefixTest(range.address, range.bits);
}

function readRange(text: string): { readonly address: Address; readonly bits: number } | undefined {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  const dotted = !text.includes(':');
  const most = dotted ? 32 : 128;
  let bits = most;
  if (slash >= 0) {
    const digits = text.slice(slash + 1);
    if (!/^(?:0|[1-9]\d{0,2})$/.test(digits)) return undefined;
    bits = Number(digits);
    if (bits > most) return undefined;
  }
  return { address, bits: dotted ? bits + MAPPED_BITS : bits };
}

export function parseAddress(text: string): Address | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  if (!text.includes(':')) {
    const pair = parseDotted(text);
    return pair === undefined ? undefined : [0, 0, 0, 0, 0, 0xffff, ...pair];
  }
  const gap = text.indexOf('::');
  if (gap < 0) {
    const groups = parseGroups(text);
    return groups?.length === GROUPS ? groups : undefined;
  }
  const head = gap === 0 ? [] : parseGroups(text.slice(0, gap), false);
  const rest = text.slice(gap + 2);
  const tail = rest === '' ? [] : parseGroups(rest);
  if (head === undefined || tail === undefined || head.length + tail.length >= GROUPS) return undefined;
  return [...head, ...Array.from({ length: GROUPS - head.length - tail.length }, () => 0), ...tail];
}

/** Groups between colons; the last may be a dotted address where the text ends the address. */
function parseGroups(text: string, last = true): number[] | undefined {
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (last && index === parts.length - 1 && part.includes('.')) {
      const pair = parseDotted(part);
      if (pair === undefined) return undefined;
      groups.push(...pair);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return undefined;
      groups.push(Number.parseInt(part, 16));
    }
  }
  return groups;
}

function parseDotted(text: string): [number, number] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^(?:0|[1-9]\d{0,2})$/.test(part))) return undefined;
  const [first = 0, second = 0, third = 0, fourth = 0] = parts.map(Number);
  if (Math.max(first, second, third, fourth) > 255) return undefined;
  return [(first << 8) | second, (third << 8) | fourth];
}

export interface RangeEnds {
  /** First and last address, as 32 small hexadecimal digits. */
  readonly first: string;
  readonly last: string;
}

/** The same range as its ends; undefined when it is none. */
export function rangeEnds(text: string): RangeEnds | undefined {
  const range = readRange(text);
  if (range === undefined) return undefined;
  const { address, bits } = range;
  const end = (fill: number): string =>
    address
      .map((group, index) => {
        const kept = Math.min(16, Math.max(0, bits - index * 16));
        const mask = (0xffff << (16 - kept)) & 0xffff;
        return ((group & mask) | (fill & ~mask & 0xffff)).toString(16).padStart(4, '0');
      })
      .join('');
  return { first: end(0), last: end(0xffff) };
}

function prefixTest(base: Address, bits: number): AddressTest {
  const whole = bits >> 4;
  const mask = (0xffff << (16 - (bits & 15))) & 0xffff;
  return (address) => {
    for (let group = 0; group < whole; group++) if (address[group] !== base[group]) return false;
    return mask === 0 || ((address[whole] ?? 0) & mask) === ((base[whole] ?? 0) & mask);
  };
}
