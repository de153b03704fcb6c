/** Addresses of clients as Proxmox writes them. */

/**
 * `::ffff:192.0.2.7` is the IPv4 client of an IPv6 socket; the backup server puts brackets around and a port behind.
 * Undefined where there is none.
 */
export function clientAddress(written: string): string | undefined {
  const bracket = /^\[([^\]]{1,64})\](?::\d{1,5})?$/.exec(written);
  const address = (bracket?.[1] ?? written).replace(/^::ffff:(?=\d{1,3}\.)/i, '');
  return address === '' || address === '-' || address.length > 64 || /\s/.test(address) ? undefined : address;
}
