/**
 * Collects from the CIMI providers of registered sources. Of all processes one does: the member of the group that has the
 * one partition of what was collected. It reads what is remembered there before it begins, and stops when the partition
 * is taken away.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { appendOwnEvent } from '@cadf-pipeline/control-state';
import type { ControlState, PollDefinition, SourceDefinition } from '@cadf-pipeline/control-state';
import type { EventStream } from '@cadf-pipeline/event-stream';
import type { ActivityRecorder } from '@cadf-pipeline/source-activity';
import { createCimiClient } from '../cimi/cimi-client.ts';
import type { CimiClientOptions } from '../cimi/cimi-client.ts';
import { CimiFailure } from '../cimi/cimi-failure.ts';
import { COLLECTED_TOPIC, COLLECTOR_GROUP } from '../topics.ts';
import { untilDurable } from './append-durably.ts';
import type { CollectLogger } from './append-durably.ts';
import type { CollectMetrics } from './collect-metrics.ts';
import { createCollectedMarks } from './collected-marks.ts';
import { createLargeDocuments } from './large-documents.ts';
import { createPoller } from './poller.ts';
import { accessFor } from './provider-access.ts';
import type { CimiCredentials } from './provider-access.ts';
import { runSourceTask } from './source-task.ts';
import { createTroubleReport } from './trouble-report.ts';
import { createTurns } from './turns.ts';

export interface CollectorDependencies {
  readonly state: Pick<ControlState, 'get' | 'list' | 'onChange'>;
  readonly stream: EventStream;
  /** Origins that sources may name, besides those of the credentials. */
  readonly providers: readonly string[];
  readonly credentials: CimiCredentials;
  readonly metrics: CollectMetrics;
  /** Where people see how the last poll of a source went. */
  readonly activity: Pick<ActivityRecorder, 'polled'>;
  readonly maxRecordBytes: number;
  /** Why nothing is to be added to the stream now; undefined: go on. */
  readonly pressure: () => string | undefined;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
  readonly logger: CollectLogger;
  /** 0 to 1; default random. */
  readonly random?: () => number;
  /** Of one poll; default 5 minutes. */
  readonly maxPollMs?: number;
  /** How providers are asked, where it is not as usual. */
  readonly client?: Partial<CimiClientOptions>;
}

export interface Collector {
  start(): void;
  /** Ends requests under way; what was not made durable is collected again after the next start. */
  stop(): Promise<void>;
  /** Why nothing can be collected, whatever the providers do; undefined: it can. */
  trouble(): string | undefined;
}

interface Task {
  readonly definition: string;
  readonly stopping: AbortController;
  readonly done: Promise<void>;
}

type PolledDefinition = SourceDefinition & { readonly poll: PollDefinition };

const MAX_POLL_MS = 300_000;
const RESTART_MS = 1000;
/** A membership that has gone on for so long since it was started again is taken to be well. */
const WELL_AFTER_MS = 5000;
/** Polls at once: each may hold a page of 8 MiB and what was read of it. */
const WELL_AT_ONCE = 16;
const ILL_AT_ONCE = 4;
const LIMITS = { pageSize: 100, maxPages: 1000, maxItems: 50_000 };
/** Of which entry point the marks of a source are. */
const ENTRY = 'entry\n';

export function createCollector(dependencies: CollectorDependencies): Collector {
  const { state, stream, logger, now, metrics } = dependencies;
  const random = dependencies.random ?? Math.random;
  const marks = createCollectedMarks(stream, logger);
  const turns = { well: createTurns(WELL_AT_ONCE), ill: createTurns(ILL_AT_ONCE) };
  const readTurn = createLargeDocuments();
  const tasks = new Map<string, Task>();
  const stopping = new AbortController();
  const streamTroubles = new Map<string, string>();
  let leading: AbortController | undefined;
  let trouble: string | undefined;
  let unlisten = (): void => undefined;
  // Changes are applied one after the other, so that a source never has two tasks.
  let applying: Promise<void> = Promise.resolve();
  let running: Promise<void> = Promise.resolve();

  function apply(id: string): void {
    applying = applying
      .then(() => applyNow(id))
      .catch((error: unknown) => {
        logger.error({ err: error, source: id }, 'a change of what is collected could not be applied');
      });
  }

  async function applyNow(id: string): Promise<void> {
    const lead = leading;
    if (lead === undefined) return;
    const found = state.get('source', id)?.entity;
    const { poll, name, tenants, type } = found ?? {};
    const definition = poll === undefined ? '' : JSON.stringify([poll, name, tenants, type]);
    const current = tasks.get(id);
    if (current?.definition === definition) return;
    current?.stopping.abort();
    await current?.done;
    tasks.delete(id);
    streamTroubles.delete(id);
    if (lead.signal.aborted) return;
    if (found === undefined || poll === undefined) {
      metrics.openJobs(id, 0);
      return marks.of(id).forget(lead.signal);
    }
    const own = new AbortController();
    const signal = AbortSignal.any([own.signal, lead.signal]);
    const done = run({ ...found, poll }, signal).catch((error: unknown) => logAborted(error, signal, id));
    tasks.set(id, { definition, stopping: own, done });
  }

  /** Throws what keeps its marks and reports from being durable, and the signal's reason. */
  async function run(source: PolledDefinition, signal: AbortSignal): Promise<void> {
    const { id, poll, tenants = [] } = source;
    const own = marks.of(id);
    const tell: Parameters<typeof createTroubleReport>[0]['tell'] = (event) =>
      untilDurable(() => appendOwnEvent(stream, event, tenants, now()), signal, logger);
    const report = createTroubleReport({ source, marks: own, tell });
    const access = accessOf(source);
    if ('fault' in access) {
      logger.warn({ source: id, fault: access.fault }, 'a CIMI provider may not be asked');
      const failure = new CimiFailure('CIMI_URL', access.fault);
      dependencies.activity.polled(id, `${failure.code}: ${failure.message}`);
      return report.settle([failure], false, now(), signal);
    }
    const client = createCimiClient({
      url: poll.url,
      limits: LIMITS,
      random,
      now,
      readTurn,
      ...access,
      ...dependencies.client,
    });
    try {
      // Keys of marks are paths: those of another provider would be taken for this one's.
      if (own.remembered.get(ENTRY) !== poll.url) await own.forget(signal, 'trouble');
      await own.put([{ key: ENTRY, value: poll.url }], signal);
      const poller = createPoller({
        ...dependencies,
        source,
        poll,
        client,
        marks: own,
        tell,
        maxPollMs: dependencies.maxPollMs ?? MAX_POLL_MS,
      });
      const onStreamTrouble = (reason: string | undefined): void => {
        if (reason === undefined) streamTroubles.delete(id);
        else streamTroubles.set(id, reason);
      };
      await runSourceTask(
        { source, poll, poller, report, turns, now, random, logger, onStreamTrouble },
        signal,
      );
    } finally {
      client.close();
    }
  }

  function accessOf(source: PolledDefinition): ReturnType<typeof accessFor> {
    if (source.type !== 'cimi' && source.type !== 'auto')
      return { fault: `a source of type ${source.type} reads no CIMI documents: give it the type cimi` };
    return accessFor(source.poll, dependencies.providers, dependencies.credentials);
  }

  function logAborted(error: unknown, signal: AbortSignal, source: string): void {
    if (signal.aborted) return;
    streamTroubles.set(source, error instanceof Error ? error.message : String(error));
    logger.error({ err: error, source }, 'collecting from a CIMI provider has ended');
  }

  async function lead(): Promise<ReadonlyMap<number, number>> {
    await resign();
    const next = await marks.load();
    leading = new AbortController();
    const polled = state
      .list('source')
      .flatMap(({ entity }) => (entity.poll === undefined ? [] : [entity.id]));
    for (const id of new Set([...polled, ...marks.sources()])) apply(id);
    if (polled.length > 0) logger.info({ sources: polled.length }, 'collecting from CIMI providers');
    return next;
  }

  async function resign(): Promise<void> {
    leading?.abort();
    await applying;
    leading = undefined;
    await Promise.all([...tasks.values()].map(({ done }) => done));
    tasks.clear();
    streamTroubles.clear();
  }

  async function follow(): Promise<void> {
    const { signal } = stopping;
    while (!signal.aborted) {
      const well = setTimeout(() => (trouble = undefined), WELL_AFTER_MS);
      try {
        const batches = stream.consume(COLLECTED_TOPIC, {
          group: COLLECTOR_GROUP,
          signal,
          // What is remembered is written by this process: it is read for the membership only.
          startAt: async (given) => (given.length === 0 ? new Map() : lead()),
          revoked: async (gone) => (gone.length === 0 ? undefined : resign()),
        });
        for await (const _ of batches) if (signal.aborted) break;
      } catch (error) {
        trouble = error instanceof Error ? error.message : String(error);
        logger.error({ err: error }, 'collecting stopped, starting it again');
      } finally {
        clearTimeout(well);
        await resign();
      }
      await sleep(RESTART_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  return {
    start() {
      unlisten = state.onChange((kind, id) => {
        if (kind === 'source') apply(id);
      });
      running = follow();
    },
    async stop() {
      unlisten();
      stopping.abort();
      leading?.abort();
      await running;
    },
    trouble: () => trouble ?? [...streamTroubles].map(([id, reason]) => `${id}: ${reason}`)[0],
  };
}
