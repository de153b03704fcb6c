import { parseAddress } from '@cadf-pipeline/event-filter';

/** How many bits of an address stay. */
export interface AddressPrefixes {
  readonly ipv4: number;
  readonly ipv6: number;
}

/**
 * The network of an address as `10.1.2.0/24` or `2001:db8:1::/48` (RFC 4632; RFC 5952 without shortening in the
 * middle). An IPv4 address in IPv6 (`::ffff:10.1.2.3`) is an IPv4 address. Blanks around it do not count. Undefined for a text that is no address.
 */
export function generaliseAddress(text: string, prefixes: AddressPrefixes): string | undefined {
  const groups = parseAddress(text.trim());
  if (groups === undefined) return undefined;
  const isMapped = groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
  if (!isMapped) {
    const kept = networkOf(groups, prefixes.ipv6);
    while (kept.at(-1) === 0) kept.pop();
    const written = kept.map((group) => group.toString(16)).join(':');
    return `${kept.length < groups.length ? `${written}::` : written}/${prefixes.ipv6}`;
  }
  const bytes = networkOf(groups.slice(6), prefixes.ipv4).flatMap((group) => [group >> 8, group & 0xff]);
  return `${bytes.join('.')}/${prefixes.ipv4}`;
}

function networkOf(groups: readonly number[], bits: number): number[] {
  return groups.map((group, index) => {
    const kept = Math.min(16, Math.max(0, bits - index * 16));
    return group & ((0xffff << (16 - kept)) & 0xffff);
  });
}
