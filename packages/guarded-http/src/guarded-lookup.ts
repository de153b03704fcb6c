/**
 * The name of a receiver into addresses, with the rules applied to what the socket will connect to. A name that was
 * harmless when it was entered may lead elsewhere a moment later (DNS rebinding): only this answer counts.
 */
import type { LookupAddress, LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { AddressRefused, refusalOfAddress } from './address-rules.ts';
import type { AddressRules } from './address-rules.ts';
import { createNameResolver } from './resolve-name.ts';
import type { ResolveName } from './resolve-name.ts';

export type { ResolveName } from './resolve-name.ts';

/**
 * For the `lookup` option of `net.connect`, `tls.connect` and what stands on them. Gives only addresses that may be
 * connected to; fails with AddressRefused where a name has none. A host that is an address itself is never looked up:
 * it has to be checked before (`checkHost`).
 */
export function createGuardedLookup(
  rules: AddressRules,
  resolve: ResolveName = createNameResolver(),
): LookupFunction {
  return (name, options, done) => {
    resolve(name, { family: familyOf(options) }, (error, addresses) => {
      if (error !== null) {
        done(error, []);
        return;
      }
      const allowed = addresses.filter(({ address }) => refusalOfAddress(address, rules) === undefined);
      const [first] = allowed;
      if (first === undefined) done(new AddressRefused(whyNone(name, addresses, rules)), []);
      else if (options.all === true) done(null, allowed);
      else done(null, first.address, first.family);
    });
  };
}

function familyOf({ family }: LookupOptions): 0 | 4 | 6 {
  if (family === 4 || family === 'IPv4') return 4;
  return family === 6 || family === 'IPv6' ? 6 : 0;
}

function whyNone(name: string, addresses: readonly LookupAddress[], rules: AddressRules): string {
  const [first] = addresses;
  const host = `"${name.slice(0, 100)}"`;
  if (first === undefined) return `${host} has no address.`;
  return `${host} leads to an address that is refused: ${refusalOfAddress(first.address, rules) ?? ''}`;
}
