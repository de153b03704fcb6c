/** What every syslog listener does with a message: finds its source and puts it into the lane. */
import { encodeReceived } from '../records/received-record.ts';
import type { RecordLane } from '../records/record-lane.ts';
import type { RecordFault } from '../source.ts';
import type { Frame } from './frames.ts';
import type { SenderSources } from './sender-sources.ts';
import type { SyslogMetrics, SyslogTransport } from './syslog-metrics.ts';

/** Source that messages of unknown senders are kept under, as dead letters. */
export const UNKNOWN_SENDERS_SOURCE = 'syslog';
/** Who submits what comes by syslog. */
const SUBMITTER = 'syslog';

export interface ReceptionDependencies {
  readonly senders: SenderSources;
  readonly metrics: SyslogMetrics;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

export interface Reception {
  /** Frames of one sender, in order. */
  receive(address: string, frames: readonly Frame[]): void;
}

export function createReception(
  transport: SyslogTransport,
  lane: RecordLane,
  { senders, metrics, now }: ReceptionDependencies,
): Reception {
  return {
    receive(address, frames) {
      if (frames.length === 0) return;
      const source = senders.sourceOf(address);
      const receivedMs = now();
      metrics.received(transport, frames.length);
      for (const frame of frames) {
        const fault =
          faultOf(frame, transport) ?? (source === undefined ? unknownSender(address) : undefined);
        const cut = frame.kind === 'message' ? frame.cutFromBytes : undefined;
        lane.add(
          encodeReceived(frame.bytes, {
            source: source ?? UNKNOWN_SENDERS_SOURCE,
            sender: address,
            submitter: SUBMITTER,
            receivedMs,
            address,
            ...(cut === undefined ? {} : { cutFromBytes: cut }),
            ...(fault === undefined ? {} : { fault }),
          }),
        );
      }
    },
  };
}

function faultOf(frame: Frame, transport: SyslogTransport): RecordFault | undefined {
  switch (frame.kind) {
    case 'message':
      return undefined;
    case 'garbage':
      return {
        code: 'SYSLOG_FRAMING_INVALID',
        detail: `${frame.reason} The connection (${transport}) was closed; what was read stands here. Send lines, or count octets (RFC 6587).`,
      };
    case 'incomplete':
      return {
        code: 'SYSLOG_FRAME_INCOMPLETE',
        detail: `The connection ended in the midst of a message of at least ${frame.expectedBytes} bytes.`,
      };
  }
}

function unknownSender(address: string): RecordFault {
  return {
    code: 'SYSLOG_SENDER_UNKNOWN',
    detail: `No source listens to ${address}. List the address in \`listen.syslog\` of a source, or name a source for all others in CADF_SYSLOG_SOURCE.`,
  };
}
