/**
 * Carries events to a syslog receiver. Delivered means: written, and the connection was still open some round trips later
 * (see `../syslog/syslog-connection.ts`); TCP syslog cannot say more. A batch of which that is not known is sent again
 * whole: its messages carry the same `position` and `batch` in their structured data.
 */
import type { SyslogFormat } from '@cadf-pipeline/control-state';
import { syslogLine } from '@cadf-pipeline/event-formats';
import { connectSyslog, type SyslogConnection, type SyslogReceiver } from '../syslog/syslog-connection.ts';
import { explainSyslogFault } from '../syslog/syslog-fault.ts';
import type { AddressRules, ResolveName } from '@cadf-pipeline/guarded-http';
import type { OutgoingBatch, SendResult, Sink } from './sink.ts';

export interface SyslogSinkOptions extends SyslogReceiver {
  readonly format: SyslogFormat;
  readonly rules: AddressRules;
  /** Most bytes of the message of one event; default 65,536. */
  readonly maxMessageBytes?: number;
  /** Milliseconds an attempt may take, connecting included. Default 30,000. */
  readonly attemptMs?: number;
  /** For tests; default: the resolver of the system. */
  readonly resolve?: ResolveName;
}

const DEFAULT_ATTEMPT_MS = 30_000;
const CONNECT_MS = 10_000;
/** A connection that was not used for so long is given up: what it leads to may have forgotten it without a word. */
const IDLE_MS = 60_000;

/** Connects when first used. Never throws for what is wrong with the receiver: `send` says so. */
export function createSyslogSink(options: SyslogSinkOptions): Sink {
  const { host, port } = options;
  const receiver = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  let connection: SyslogConnection | undefined;
  let idle: NodeJS.Timeout | undefined;
  let isClosed = false;

  function drop(): void {
    connection?.close();
    connection = undefined;
  }

  async function connected(signal: AbortSignal): Promise<SyslogConnection> {
    if (isClosed) throw new Error('the subscription was stopped');
    if (connection?.isOpen === true) return connection;
    drop();
    const { rules, resolve } = options;
    const made = await connectSyslog({
      receiver: options,
      rules,
      timeoutMs: CONNECT_MS,
      signal,
      ...(resolve === undefined ? {} : { resolve }),
    });
    if (isClosed) {
      made.close();
      throw new Error('the subscription was stopped');
    }
    connection = made;
    return made;
  }

  return {
    async send(batch, _attempt, signal): Promise<SendResult> {
      clearTimeout(idle);
      const limit = AbortSignal.timeout(options.attemptMs ?? DEFAULT_ATTEMPT_MS);
      const either = AbortSignal.any([signal, limit]);
      try {
        either.throwIfAborted();
        const to = await connected(either);
        await to.write(frames(batch, options), either);
        return { outcome: 'delivered', answer: { text: `${batch.events.length} messages written` } };
      } catch (error) {
        drop();
        return {
          outcome: 'failed',
          reason:
            limit.aborted && !signal.aborted
              ? `${receiver} did not take the batch within ${options.attemptMs ?? DEFAULT_ATTEMPT_MS} ms: it reads too slowly, or smaller batches are needed.`
              : explainSyslogFault(error, receiver),
        };
      } finally {
        if (!isClosed) idle = setTimeout(drop, IDLE_MS);
      }
    },
    async close() {
      isClosed = true;
      clearTimeout(idle);
      drop();
    },
  };
}

/** RFC 6587 3.4.1, RFC 5425 4.3: the length in octets, a blank, the message. */
function frames(batch: OutgoingBatch, { format, maxMessageBytes }: SyslogSinkOptions): Buffer {
  const parameters = {
    subscription: batch.subscription,
    batch: batch.id,
    ...(batch.test ? { test: 'true' } : {}),
  };
  const line = {
    format,
    parameters,
    ...(maxMessageBytes === undefined ? {} : { maxMessageBytes }),
  };
  return Buffer.concat(
    batch.events.flatMap((event) => {
      const message = syslogLine(event, line);
      return [Buffer.from(`${message.length} `), message];
    }),
  );
}
