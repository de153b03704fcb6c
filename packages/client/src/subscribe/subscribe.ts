/** Events as they happen, and on from any place: a stream that is taken up again after every break by itself. */
import { ClientError, clientCodes } from '../client-error.ts';
import { pause, retryDelayMs } from '../http/retry-delay.ts';
import { queryOf } from '../http/requester.ts';
import type { Requester } from '../http/requester.ts';
import type { CadfEvent, Selection } from '../query/query-events.ts';
import { readEnd } from './end-frame.ts';
import { openStream } from './open-stream.ts';
import type { OpenStream } from './open-stream.ts';

/** What selects events is as for queries (docs/query.md): filter, tenant, source, a saved query and its parameters. */
export type SubscribeOptions = Omit<Selection, 'from' | 'to' | 'versions'> & {
  /** Begin with the stored events of this eventTime (RFC 3339) or later. Not together with `cursor`. */
  readonly from?: string;
  /** Begin after this place: `cursor` of an event, of a subscription, or of a webhook with the same question. */
  readonly cursor?: string;
  /** Ends the subscription; its reason is thrown. */
  readonly signal?: AbortSignal;
  /** Take it up again when nothing, not even a heartbeat, came for so long; ms, default 45,000. */
  readonly silenceMs?: number;
  /** Ask for compression: less traffic, more memory at the service. Default false. */
  readonly compress?: boolean;
  /** Told of each break and how long the pause before the next attempt is, ms. */
  readonly onBreak?: (error: ClientError, pauseMs: number) => void;
};

export interface DeliveredEvent {
  readonly event: CadfEvent;
  /** The JSON as the service has it. */
  readonly text: string;
  /** Where to go on after this event. Safe to keep. */
  readonly cursor: string;
}

export interface Subscription extends AsyncIterable<DeliveredEvent> {
  /**
   * Where to go on after what was taken so far; moves on also while nothing matches. Undefined until the service told a
   * place.
   */
  readonly cursor: string | undefined;
}

/**
 * Nothing missed, nothing twice: what is not taken waits in the service, a break is taken up after the last event that
 * was taken. Throws ClientError for what another attempt cannot mend (a filter that is wrong, a key that is refused or
 * was revoked). Can be iterated once.
 */
export function subscribe(requester: Requester, options: SubscribeOptions): Subscription {
  const state: { cursor: string | undefined; begun: boolean } = { cursor: options.cursor, begun: false };
  return {
    get cursor() {
      return state.cursor;
    },
    [Symbol.asyncIterator]() {
      if (state.begun)
        throw new TypeError('A subscription is iterated once: make another one with its cursor.');
      state.begun = true;
      return run(requester, options, state);
    },
  };
}

async function* run(
  requester: Requester,
  options: SubscribeOptions,
  state: { cursor: string | undefined },
): AsyncGenerator<DeliveredEvent, void, undefined> {
  const { compress = false, onBreak, signal, silenceMs = 45_000, ...question } = options;
  const { cursor } = question;
  const path = `/cadf/v1/events/stream${queryOf(question)}`;
  let failures = 0;
  for (;;) {
    let stream: OpenStream | undefined;
    let pauseMs: number;
    try {
      const resume = state.cursor === undefined || state.cursor === cursor ? undefined : state.cursor;
      stream = await openStream(requester, path, { resume, compress, silenceMs, signal });
      for await (const frame of stream.frames) {
        signal?.throwIfAborted();
        failures = 0;
        const { id, data, type } = frame;
        const delivered =
          type === 'message' && data !== undefined
            ? { event: readEvent(data), text: data, cursor: id }
            : undefined;
        // Before it is given: a caller that breaks off has taken it.
        if (id !== '') state.cursor = id;
        if (type === 'end') throw readEnd(data);
        if (delivered !== undefined) yield delivered;
      }
      throw new ClientError(clientCodes.CLIENT_UNREACHABLE, 'The service ended the stream.', {
        retryable: true,
      });
    } catch (error) {
      if (!(error instanceof ClientError) || !error.retryable) throw error;
      failures++;
      pauseMs = retryDelayMs(failures, error.retryAfterMs);
      onBreak?.(error, pauseMs);
    } finally {
      await stream?.close();
    }
    await pause(pauseMs, signal);
  }
}

function readEvent(text: string): CadfEvent {
  try {
    const event: unknown = JSON.parse(text);
    if (typeof event === 'object' && event !== null && !Array.isArray(event)) return event as CadfEvent;
  } catch {
    // Said below.
  }
  throw new ClientError(
    clientCodes.CLIENT_ANSWER_UNREADABLE,
    `The stream has a message that is no event: ${text.slice(0, 200)}`,
  );
}
