/** What one poll of a source gives to each thing that is collected: jobs, event logs, meters, resource states. */
import type { CadfEvent } from '@cadf-pipeline/cadf-model';
import type { CimiClient } from '../cimi/cimi-client.ts';
import type { CimiFailure } from '../cimi/cimi-failure.ts';
import type { CimiDiscovery } from '../cimi/discover.ts';

/** One item of the provider (a job, an event, a sample), with its words. */
export interface CollectedDocument {
  readonly text: string;
  /** URL of the item. */
  readonly position: string;
}

/** One fact that is remembered about a source. */
export interface Mark {
  /** `<kind>\n<key>`, without the source. */
  readonly key: string;
  /** Null forgets it. */
  readonly value: string | null;
}

export interface PollContext {
  readonly source: string;
  readonly client: CimiClient;
  readonly discovery: CimiDiscovery;
  /** When the poll began. */
  readonly polledMs: number;
  /** Aborted when the poll has to end: the service stops, the source changed, its time is over. */
  readonly signal: AbortSignal;
  /** What earlier polls remembered, and this one up to now. */
  readonly remembered: {
    get(key: string): string | undefined;
    /** Keys that begin so, with their values. */
    entries(prefix: string): Iterable<readonly [string, string]>;
  };
  /** Makes the documents durable as raw records, then the marks. */
  deliver(documents: readonly CollectedDocument[], marks: readonly Mark[]): Promise<void>;
  /** Makes an event of the system durable, routed to the source's tenants; the same id and content each time the same thing is told. */
  tell(event: CadfEvent): Promise<void>;
  /** Something of this poll could not be had and the rest goes on: reported, counted. */
  trouble(failure: CimiFailure): void;
}
