/** A poll of a simulated cloud without the engine around it: what is delivered, told and remembered is kept in memory. */
import type { CadfEvent } from '@cadf-pipeline/cadf-model';
import { validateEvent } from '@cadf-pipeline/cadf-model';
import type { CimiClient } from '../cimi/cimi-client.ts';
import type { CimiFailure } from '../cimi/cimi-failure.ts';
import type { CollectedDocument, PollContext } from './poll-context.ts';

export interface RememberingPolls {
  readonly documents: CollectedDocument[];
  readonly told: CadfEvent[];
  readonly troubles: CimiFailure[];
  readonly marks: Map<string, string>;
  /** `polledMs` grows by 30 s with each poll unless told. */
  poll(collect: (context: PollContext) => Promise<void>, polledMs?: number): Promise<void>;
  /** The next delivery makes its documents durable and then fails, as when the process is killed between the two. */
  readonly killNext: () => void;
}

export function rememberingPolls(client: CimiClient, startMs: number): RememberingPolls {
  const documents: CollectedDocument[] = [];
  const told: CadfEvent[] = [];
  const troubles: CimiFailure[] = [];
  const marks = new Map<string, string>();
  let lastMs = startMs - 30_000;
  let isKilled = false;
  return {
    documents,
    told,
    troubles,
    marks,
    killNext() {
      isKilled = true;
    },
    async poll(collect, polledMs = lastMs + 30_000) {
      lastMs = polledMs;
      await collect({
        source: 'cloud',
        client,
        discovery: await client.discover(),
        polledMs,
        signal: new AbortController().signal,
        remembered: {
          get: (key) => marks.get(key),
          entries: (prefix) => [...marks].filter(([key]) => key.startsWith(prefix)),
        },
        async deliver(delivered, remember) {
          documents.push(...delivered);
          if (isKilled) {
            isKilled = false;
            throw new Error('killed');
          }
          for (const { key, value } of remember)
            if (value === null) marks.delete(key);
            else marks.set(key, value);
        },
        async tell(event) {
          const faults = validateEvent(event, 'strict');
          if (faults.length > 0) throw new Error(JSON.stringify(faults));
          told.push(event);
        },
        trouble: (failure) => void troubles.push(failure),
      });
    },
  };
}
