/** What the firewall of a guest or node let through or not: `/var/log/pve-firewall.log`. */
import type { Outcome } from '../../src/source.ts';
import { exactTime } from '../../src/normalize/event-time.ts';
import { qualifiedId, resource, service, unknownInitiator } from '../../src/normalize/resources.ts';
import type { Entry } from './messages.ts';
import { outcomeOf } from './messages.ts';
import { readLogTime } from './log-time.ts';

export interface FirewallLine {
  /** 0: the node itself. */
  readonly guest: string;
  readonly level: string;
  readonly chain: string;
  readonly epochMs: number;
  /** `DROP`, `policy DROP`, `PVEFW-reject` …; empty where the line has none. */
  readonly verdict: string;
  readonly packet: string;
}

const HEAD = /^(\d{1,10}) (\d) (\S{1,64}) (\d\d\/[A-Za-z0-9]{2,3}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}) /;

/** `VMID LEVEL CHAIN TIME [VERDICT: ]IN=… OUT=… SRC=… DST=…`; undefined for another line. */
export function parseFirewallLine(line: string): FirewallLine | undefined {
  const head = HEAD.exec(line.slice(0, 200));
  if (head === null) return undefined;
  const [whole, guest = '', level = '', chain = '', written = ''] = head;
  const epochMs = readLogTime(written);
  if (epochMs === undefined) return undefined;
  const rest = line.slice(whole.length, whole.length + 2048);
  const verdict = /^([A-Za-z-]{1,40}(?: [A-Za-z-]{1,40})?): /.exec(rest);
  return {
    guest,
    level,
    chain,
    epochMs,
    verdict: verdict?.[1] ?? '',
    packet: verdict === null ? rest : rest.slice(verdict[0].length),
  };
}

export function firewallOutcome(entry: Entry, line: FirewallLine): Outcome {
  const { place } = entry;
  const source = /(?:^| )SRC=(\S{1,64})/.exec(line.packet)?.[1];
  const destination = /(?:^| )DST=(\S{1,64})/.exec(line.packet)?.[1];
  const port = /(?:^| )DPT=(\d{1,5})/.exec(line.packet)?.[1];
  const action = actionOf(line.verdict);
  const endpoint = [destination ?? '', port ?? ''].filter((part) => part !== '').join(' port ');
  const isNode = line.guest === '0';
  return outcomeOf(`firewall-${action}`, entry, {
    identity: [place.node, 'firewall', line.chain, String(line.epochMs), entry.header.message],
    time: exactTime(line.epochMs),
    action,
    outcome: action === 'evaluate' ? 'unknown' : 'success',
    initiator: unknownInitiator(source),
    target: {
      ...resource(
        'network/connection',
        isNode
          ? qualifiedId(place.node, 'firewall', line.chain)
          : qualifiedId(place.scope, 'guest', line.guest, 'firewall', line.chain),
        endpoint,
      ),
      ...(destination === undefined ? {} : { host: { address: destination } }),
    },
    observer: service(place.node, 'pve-firewall'),
    name: line.verdict === '' ? 'firewall log' : line.verdict,
    reasonCode: line.chain,
  });
}

/** A line without a verdict only says that a packet came by a rule. */
function actionOf(verdict: string): 'allow' | 'deny' | 'evaluate' {
  const word = verdict.toUpperCase();
  if (word.includes('ACCEPT')) return 'allow';
  return word.includes('DROP') || word.includes('REJECT') ? 'deny' : 'evaluate';
}
