/**
 * Ranges of addresses that are not of the public internet, and addresses of cloud metadata services. From the IANA
 * special-purpose address registries for IPv4 and IPv6 (RFC 6890, RFC 8190), with multicast (RFC 5771, RFC 4291 §2.7),
 * and the documents of the cloud providers.
 */
import ipaddr from 'ipaddr.js';

export type Address = ipaddr.IPv4 | ipaddr.IPv6;

export interface AddressRange {
  readonly network: Address;
  readonly bits: number;
  /** What it is, as a noun: `loopback`. */
  readonly what: string;
}

/** All of them, also the few parts that are reachable: nobody takes files or webhooks at an anycast address of a protocol. */
export const SPECIAL_RANGES: readonly AddressRange[] = [
  range('0.0.0.0/8', 'an address of this host (RFC 791)'),
  range('10.0.0.0/8', 'a private address (RFC 1918)'),
  range('100.64.0.0/10', 'a shared address of a provider (RFC 6598)'),
  range('127.0.0.0/8', 'a loopback address (RFC 1122)'),
  range('169.254.0.0/16', 'a link-local address (RFC 3927)'),
  range('172.16.0.0/12', 'a private address (RFC 1918)'),
  range('192.0.0.0/24', 'an address for protocols (RFC 6890)'),
  range('192.0.2.0/24', 'an address of documentation (RFC 5737)'),
  range('192.31.196.0/24', 'an AS112 address (RFC 7535)'),
  range('192.52.193.0/24', 'an AMT address (RFC 7450)'),
  range('192.88.99.0/24', 'a 6to4 relay address (RFC 7526)'),
  range('192.168.0.0/16', 'a private address (RFC 1918)'),
  range('192.175.48.0/24', 'an AS112 address (RFC 7534)'),
  range('198.18.0.0/15', 'an address of benchmarks (RFC 2544)'),
  range('198.51.100.0/24', 'an address of documentation (RFC 5737)'),
  range('203.0.113.0/24', 'an address of documentation (RFC 5737)'),
  range('224.0.0.0/4', 'a multicast address (RFC 5771)'),
  range('240.0.0.0/4', 'a reserved or broadcast address (RFC 1112)'),
  range('::/128', 'an address of this host (RFC 4291)'),
  range('::1/128', 'a loopback address (RFC 4291)'),
  range('64:ff9b:1::/48', 'an address of local translation (RFC 8215)'),
  range('100::/64', 'a discard address (RFC 6666)'),
  range('100:0:0:1::/64', 'a dummy address (RFC 9780)'),
  range('2001::/32', 'a Teredo address (RFC 4380)'),
  range('2001::/23', 'an address for protocols (RFC 2928)'),
  range('2001:db8::/32', 'an address of documentation (RFC 3849)'),
  range('2002::/16', 'a 6to4 address (RFC 3056)'),
  range('2620:4f:8000::/48', 'an AS112 address (RFC 7534)'),
  range('3fff::/20', 'an address of documentation (RFC 9637)'),
  range('5f00::/16', 'a segment routing address (RFC 9602)'),
  range('fc00::/7', 'a private address (RFC 4193)'),
  range('fe80::/10', 'a link-local address (RFC 4291)'),
  range('fec0::/10', 'a site-local address (RFC 3879)'),
  range('ff00::/8', 'a multicast address (RFC 4291)'),
];

/** What of IPv6 is given to networks at all (RFC 4291 §2.4 and the IANA IPv6 address space): the rest is nobody's. */
export const GLOBAL_UNICAST = range('2000::/3', 'a global unicast address');

/** Answer whoever asks from inside with credentials of the machine. */
export const METADATA_RANGES: readonly AddressRange[] = [
  // AWS, Azure, Google, OpenStack, Oracle, DigitalOcean, IBM and others; around it their DNS and time.
  range('169.254.169.0/24', 'a cloud metadata address'),
  // AWS: credentials of containers (.2) and pods (.23).
  range('169.254.170.0/24', 'a cloud metadata address'),
  range('169.254.0.23/32', 'a cloud metadata address (Tencent)'),
  range('169.254.42.42/32', 'a cloud metadata address (Scaleway)'),
  range('100.100.100.200/32', 'a cloud metadata address (Alibaba)'),
  range('100.96.0.96/32', 'a cloud metadata address (Volcengine)'),
  range('168.63.129.16/32', 'a cloud metadata address (Azure)'),
  range('192.0.0.192/32', 'a cloud metadata address (Oracle)'),
  range('fd00:ec2::/32', 'a cloud metadata address (AWS)'),
  range('fd20:ce::/32', 'a cloud metadata address (Google)'),
  range('fd00:c1::/32', 'a cloud metadata address (Oracle)'),
  range('fd00:42::42/128', 'a cloud metadata address (Scaleway)'),
  range('fd00:a9fe:a9fe::/48', 'a cloud metadata address (Akamai)'),
];

/** Names of the same services, for where a name does not lead to one of the addresses above. */
export const METADATA_NAMES: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
  'metadata.azure.internal',
  'api.metadata.cloud.ibm.com',
  'metadata.tencentyun.com',
  'metadata.platformequinix.com',
  'metadata.exoscale.com',
  'rancher-metadata',
]);

export function inRange(address: Address, { network, bits }: AddressRange): boolean {
  if (address instanceof ipaddr.IPv4) return network instanceof ipaddr.IPv4 && address.match(network, bits);
  return network instanceof ipaddr.IPv6 && address.match(network, bits);
}

function range(cidr: string, what: string): AddressRange {
  const [network, bits] = ipaddr.parseCIDR(cidr);
  return { network, bits, what };
}
