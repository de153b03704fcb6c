/** Batches from a spool: an event is safe as soon as it is on disk, and is tried until the service has it. */
import { clientCodes } from '../client-error.ts';
import type { Requester } from '../http/requester.ts';
import { pause, retryDelayMs } from '../http/retry-delay.ts';
import { toLine } from './event-line.ts';
import type { SubmitOutcome } from './outcome.ts';
import { sendBatch } from './send-batch.ts';
import type { RejectedEntry, Spool, SpooledBatch } from './spool.ts';
import { createTally } from './submit-tally.ts';
import { closedError, DEFAULT_CLOSE_MS } from './submitter-contract.ts';
import type { Submitter, SubmitterSettings } from './submitter-contract.ts';
import { createWaiters } from './waiters.ts';
import { createWakeUp } from './wake-up.ts';

/** Refusals that only people can mend (a key that was revoked) are tried again at this pace at first. */
const REFUSED_PAUSE_MS = 5000;

export function createSpoolSubmitter(
  requester: Requester,
  settings: SubmitterSettings,
  open: (onDurable: (events: number) => void) => Spool,
): Submitter {
  const { maxBytes, maxEvents, maxWaitMs, onTrouble, source, profile } = settings;
  const more = createWakeUp();
  const waiters = createWaiters();
  const ending = new AbortController();
  const tally = createTally(settings);
  const spool = open((events) => {
    fresh += events;
    more.ring();
  });
  /** Events that are being written. */
  let adding = 0;
  /** Events that became durable since the last batch was looked for. */
  let fresh = 0;
  let hurry = 0;
  let closed = false;
  const working = work();

  async function work(): Promise<void> {
    let refusals = 0;
    while (!ending.signal.aborted) {
      try {
        const batch = await nextBatch();
        if (batch === undefined) {
          if (closed && adding === 0) return;
          await more.wait();
          continue;
        }
        await send(batch);
        refusals = 0;
        waiters.look();
      } catch (error) {
        if (ending.signal.aborted) return;
        refusals++;
        const pauseMs = Math.max(REFUSED_PAUSE_MS, retryDelayMs(refusals));
        onTrouble(error instanceof Error ? error : new Error(String(error)), pauseMs);
        await pause(pauseMs, ending.signal).catch(() => {});
      }
    }
  }

  /** A batch, once it is full or its events have waited long enough for others. */
  async function nextBatch(): Promise<SpooledBatch | undefined> {
    fresh = 0;
    const batch = await spool.read(maxEvents, maxBytes);
    if (batch === undefined || batch.lines.length === maxEvents) return batch;
    const until = Date.now() + maxWaitMs;
    for (let ms = maxWaitMs; ms > 0 && fresh < maxEvents && hurry === 0 && !closed; ms = until - Date.now()) {
      await more.wait(ms);
    }
    return fresh === 0 ? batch : spool.read(maxEvents, maxBytes);
  }

  async function send(batch: SpooledBatch): Promise<void> {
    const { damaged, lines } = batch;
    const sending = { source, profile, signal: ending.signal, onTrouble, retryForMs: Infinity };
    const outcomes = lines.length === 0 ? [] : await sendBatch(requester, lines, sending);
    const all: readonly (readonly [Buffer, SubmitOutcome])[] = [
      ...lines.map((line, at) => [line, outcomes[at] ?? { status: 'accepted' }] as const),
      ...damaged.map((line) => [line, DAMAGED] as const),
    ];
    await spool.done(batch, all.flatMap(rejectedEntry));
    for (const [line, outcome] of all) tally.add(outcome, line);
  }

  return {
    get counts() {
      return tally.counts;
    },
    async add(event) {
      if (closed) throw closedError();
      adding++;
      try {
        await spool.append(toLine(event, maxBytes));
        return { status: 'spooled' };
      } finally {
        adding--;
        waiters.look();
        if (closed) more.ring();
      }
    },
    room: () => waiters.until(() => spool.bytes <= spool.maxBytes * 0.75),
    async flush({ signal } = {}) {
      hurry++;
      more.ring();
      try {
        await waiters.until(() => adding === 0 && spool.empty, signal);
      } finally {
        hurry--;
      }
    },
    async close({ timeoutMs = DEFAULT_CLOSE_MS } = {}) {
      closed = true;
      more.ring();
      const timer = setTimeout(() => {
        ending.abort(closedError());
        more.ring();
      }, timeoutMs);
      await working;
      clearTimeout(timer);
      await spool.close();
    },
  };
}

const DAMAGED: SubmitOutcome = {
  status: 'rejected',
  code: clientCodes.CLIENT_SPOOL_FAILED,
  detail: 'The disk did not keep this line as it was written.',
};

function rejectedEntry([line, outcome]: readonly [Buffer, SubmitOutcome]): readonly RejectedEntry[] {
  if (outcome.status !== 'rejected') return [];
  const { code, detail, path } = outcome;
  return [{ code, detail, ...(path === undefined ? {} : { path }), text: line.toString() }];
}
