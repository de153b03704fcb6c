/** Which source a sender's records are of: the registered source that lists its address, by the longest prefix. */
import type { ControlState } from '@cadf-pipeline/control-state';
import ipaddr from 'ipaddr.js';

export interface SenderSources {
  /** The source's id; undefined: none lists the address, and there is no other for those. */
  sourceOf(address: string): string | undefined;
  /** Stops following the control state. */
  close(): void;
}

export interface SenderSourcesDependencies {
  readonly state: Pick<ControlState, 'list' | 'onChange'>;
  /** Source of senders that none lists. */
  readonly fallback?: string;
  readonly logger: { warn(fields: object, message: string): void };
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

interface Subnet {
  readonly network: Address;
  readonly bits: number;
  readonly source: string;
}

/** Addresses whose source is remembered. */
const MAX_REMEMBERED = 10_000;

export function createSenderSources({ state, fallback, logger }: SenderSourcesDependencies): SenderSources {
  let subnets: readonly Subnet[] | undefined;
  const remembered = new Map<string, string | undefined>();
  const unlisten = state.onChange((kind) => {
    if (kind !== 'source') return;
    subnets = undefined;
    remembered.clear();
  });

  /** Longest prefix first; of equal ones the source whose id comes first. */
  function load(): readonly Subnet[] {
    const found: Subnet[] = [];
    for (const { entity } of state.list('source'))
      for (const text of entity.listen?.syslog ?? []) {
        const subnet = parseSubnet(text);
        if (subnet === undefined)
          logger.warn(
            { source: entity.id, subnet: text },
            'a source listens to what is no address or subnet',
          );
        else found.push({ ...subnet, source: entity.id });
      }
    return found.toSorted((one, other) => other.bits - one.bits || (one.source < other.source ? -1 : 1));
  }

  function lookUp(text: string): string | undefined {
    const address = parseAddress(text);
    if (address === undefined) return fallback;
    subnets ??= load();
    return subnets.find((subnet) => isWithin(address, subnet))?.source ?? fallback;
  }

  return {
    sourceOf(address) {
      if (remembered.has(address)) return remembered.get(address);
      const source = lookUp(address);
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      remembered.set(address, source);
      return source;
    },
    close: unlisten,
  };
}

/** An address as it is compared and kept: IPv4 also where a socket for both writes it as IPv6, without a zone. */
export function normalizeAddress(text: string): string {
  return parseAddress(text)?.toString() ?? text;
}

function parseAddress(text: string): Address | undefined {
  const zone = text.indexOf('%');
  const bare = zone < 0 ? text : text.slice(0, zone);
  if (!ipaddr.isValid(bare)) return undefined;
  return ipaddr.process(bare);
}

/** Undefined where the text is none. A subnet of mapped addresses is one of IPv4. */
function parseSubnet(text: string): Omit<Subnet, 'source'> | undefined {
  const slash = text.indexOf('/');
  const bare = slash < 0 ? text : text.slice(0, slash);
  // Short forms of IPv4 (`10.1`) mean different things to different programs.
  if (!bare.includes(':') && !ipaddr.IPv4.isValidFourPartDecimal(bare)) return undefined;
  if (!ipaddr.isValid(bare)) return undefined;
  const written = ipaddr.parse(bare);
  const all = written.kind() === 'ipv4' ? 32 : 128;
  const bits = slash < 0 ? all : Number(text.slice(slash + 1));
  if (!(bits <= all)) return undefined;
  const network = ipaddr.process(bare);
  if (network.kind() === written.kind()) return { network, bits };
  return bits < 96 ? undefined : { network, bits: bits - 96 };
}

function isWithin(address: Address, { network, bits }: Subnet): boolean {
  if (address instanceof ipaddr.IPv4) return network instanceof ipaddr.IPv4 && address.match(network, bits);
  return network instanceof ipaddr.IPv6 && address.match(network, bits);
}
