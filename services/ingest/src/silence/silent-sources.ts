/** Watches registered sources that say how long they may be quiet (`silentAfterSeconds`), and tells when one is. */
import { appendOwnEvent } from '@cadf-pipeline/control-state';
import type { ControlState } from '@cadf-pipeline/control-state';
import type { EventStream } from '@cadf-pipeline/event-stream';
import type { ActivityReader } from '@cadf-pipeline/source-activity';
import { silenceEvent } from './silence-event.ts';

export interface SilentSourcesDependencies {
  readonly state: ControlState;
  readonly stream: EventStream;
  /** The counts of all intake processes. */
  readonly activity: Pick<ActivityReader, 'get'>;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
  readonly logger: { warn(fields: object, message: string): void };
  /** How often it looks. Default 5 s. */
  readonly intervalMs?: number;
}

export interface SilentSources {
  start(): void;
  stop(): Promise<void>;
}

/**
 * Each silence is told once, by as many processes as see it: their events have one id and content, so the store keeps
 * one. Routed to the tenants of the source.
 */
export function createSilentSources(dependencies: SilentSourcesDependencies): SilentSources {
  const { activity, intervalMs = 5000, logger, now, state, stream } = dependencies;
  /** Source → the beginning of the silence that was told. */
  const told = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    for (const { entity, version } of state.list('source')) {
      const { id, name, silentAfterSeconds, tenants = [] } = entity;
      if (silentAfterSeconds === undefined) continue;
      // The version of a definition is the time of its change: a source has from then on to be heard.
      const sinceMs = Math.max(activity.get(id)?.lastSeenMs ?? 0, version);
      if (now() - sinceMs <= silentAfterSeconds * 1000 || told.get(id) === sinceMs) continue;
      try {
        await appendOwnEvent(
          stream,
          silenceEvent({ source: id, name, sinceMs, silentAfterSeconds }),
          tenants,
          now(),
        );
        told.set(id, sinceMs);
        logger.warn({ source: id, since: new Date(sinceMs).toISOString() }, 'a source is silent');
      } catch (error) {
        logger.warn({ err: error, source: id }, 'the silence of a source could not be told, trying again');
      }
    }
  }

  return {
    start() {
      timer = setInterval(() => {
        looking = looking.then(look);
      }, intervalMs);
    },
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}
