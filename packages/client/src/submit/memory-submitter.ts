/** Batches from memory: each event's promise has what became of it. */
import { ClientError, clientCodes } from '../client-error.ts';
import type { Requester } from '../http/requester.ts';
import { toLine } from './event-line.ts';
import type { SubmitOutcome } from './outcome.ts';
import { sendBatch } from './send-batch.ts';
import { createTally } from './submit-tally.ts';
import { closedError, DEFAULT_CLOSE_MS } from './submitter-contract.ts';
import type { Submitter, SubmitterSettings } from './submitter-contract.ts';
import { createWaiters } from './waiters.ts';
import { createWakeUp } from './wake-up.ts';

interface Waiting {
  readonly line: Buffer;
  /** When it was added, ms. */
  readonly atMs: number;
  readonly resolve: (outcome: SubmitOutcome) => void;
  readonly reject: (error: Error) => void;
}

export function createMemorySubmitter(requester: Requester, settings: SubmitterSettings): Submitter {
  const { maxBytes, maxEvents, maxPendingBytes, maxWaitMs, onTrouble, retryForMs, source, profile } =
    settings;
  const queue: Waiting[] = [];
  const more = createWakeUp();
  const waiters = createWaiters();
  const ending = new AbortController();
  const tally = createTally(settings);
  let added = 0;
  let ended = 0;
  /** Events up to this one are not kept waiting for others. */
  let hurried = 0;
  let pendingBytes = 0;
  let closed = false;
  const working = work();

  async function work(): Promise<void> {
    for (;;) {
      const first = queue[0];
      if (first === undefined) {
        if (closed) return;
        await more.wait();
        continue;
      }
      const waitMs = first.atMs + maxWaitMs - Date.now();
      if (waitMs > 0 && !full() && hurried <= ended) {
        await more.wait(waitMs);
        continue;
      }
      await send(take());
    }
  }

  /** Whether a batch is waiting that needs no more. */
  function full(): boolean {
    return queue.length >= maxEvents || pendingBytes >= maxBytes;
  }

  function take(): readonly Waiting[] {
    let count = 0;
    let bytes = 0;
    for (const { line } of queue) {
      if (count === maxEvents || (count > 0 && bytes + line.length > maxBytes)) break;
      count++;
      bytes += line.length;
    }
    return queue.splice(0, count);
  }

  async function send(batch: readonly Waiting[]): Promise<void> {
    const lines = batch.map(({ line }) => line);
    try {
      const sending = { source, profile, signal: ending.signal, onTrouble, retryForMs };
      const outcomes = await sendBatch(requester, lines, sending);
      for (const [at, { line, resolve }] of batch.entries()) {
        const outcome = outcomes[at] ?? { status: 'accepted' };
        tally.add(outcome, line);
        resolve(outcome);
      }
    } catch (error) {
      const failure = ending.signal.aborted ? closedError() : error;
      for (const { reject } of batch) reject(failure instanceof Error ? failure : new Error(String(failure)));
    }
    ended += batch.length;
    for (const line of lines) pendingBytes -= line.length;
    waiters.look();
  }

  const submitter: Submitter = {
    get counts() {
      return tally.counts;
    },
    async add(event) {
      if (closed) throw closedError();
      const line = toLine(event, maxBytes);
      if (pendingBytes > 0 && pendingBytes + line.length > maxPendingBytes) throw fullError(maxPendingBytes);
      pendingBytes += line.length;
      added++;
      const outcome = new Promise<SubmitOutcome>((resolve, reject) => {
        queue.push({ line, atMs: Date.now(), resolve, reject });
      });
      more.ring();
      return outcome;
    },
    room: () => waiters.until(() => pendingBytes <= maxPendingBytes / 2),
    flush({ signal } = {}) {
      const upTo = added;
      hurried = upTo;
      more.ring();
      return waiters.until(() => ended >= upTo, signal);
    },
    async close({ timeoutMs = DEFAULT_CLOSE_MS } = {}) {
      closed = true;
      hurried = added;
      more.ring();
      const timer = setTimeout(() => ending.abort(closedError()), timeoutMs);
      await working;
      clearTimeout(timer);
    },
  };
  return submitter;
}

function fullError(maxPendingBytes: number): ClientError {
  return new ClientError(
    clientCodes.CLIENT_FULL,
    `More than ${maxPendingBytes} bytes of events wait to be sent: wait for room(), then add it again.`,
    { retryable: true },
  );
}
