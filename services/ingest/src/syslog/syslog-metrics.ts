/** What the listeners count beside the outcomes of records. */
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

export type SyslogTransport = 'udp' | 'tcp' | 'tls';

/** Why a connection ended. `ended`: its sender did so. */
export type CloseReason = 'ended' | 'framing' | 'idle' | 'error' | 'handshake' | 'too-many' | 'shutdown';

export interface SyslogMetrics {
  received(transport: SyslogTransport, messages: number): void;
  connections(transport: SyslogTransport, open: number): void;
  closed(transport: SyslogTransport, reason: CloseReason): void;
  /** `kernel`: the receive buffer was full; `process`: the stream did not take what was received. */
  udpLost(where: 'kernel' | 'process', datagrams: number): void;
}

export function createSyslogMetrics(registry: Registry): SyslogMetrics {
  const registers = [registry];
  const received = new Counter({
    name: 'cadf_syslog_received_total',
    help: 'Syslog messages received.',
    labelNames: ['transport'],
    registers,
  });
  const connections = new Gauge({
    name: 'cadf_syslog_connections',
    help: 'Open connections of syslog senders.',
    labelNames: ['transport'],
    registers,
  });
  const closed = new Counter({
    name: 'cadf_syslog_closed_total',
    help: 'Connections of syslog senders that ended, by reason.',
    labelNames: ['transport', 'reason'],
    registers,
  });
  const udpLost = new Counter({
    name: 'cadf_syslog_udp_lost_total',
    help: 'Datagrams lost: the buffer of the kernel or of the process was full.',
    labelNames: ['where'],
    registers,
  });
  return {
    received: (transport, messages) => received.inc({ transport }, messages),
    connections: (transport, open) => connections.set({ transport }, open),
    closed: (transport, reason) => closed.inc({ transport, reason }),
    udpLost: (where, datagrams) => udpLost.inc({ where }, datagrams),
  };
}
