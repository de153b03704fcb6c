import { ProblemError } from '@cadf-pipeline/service-kit';
import type { CheckResult } from '@cadf-pipeline/service-kit';
import type { EventStream, StreamRecord, TopicSettings } from '@cadf-pipeline/event-stream';

import { controlErrors } from './control-errors.ts';
import { decodeControlRecord, encodeControlRecord, faultsOf, MAX_CONTROL_BYTES } from './control-record.ts';
import type { Versioned } from './control-record.ts';
import { createControlTable } from './control-table.ts';
import type { Applied } from './control-table.ts';
import { MAX_ENTITIES } from './entities.ts';
import type { Entity, Kind } from './entities.ts';

/** The topic of control state: one partition, so that all changes have one order. */
export const CONTROL_TOPIC: TopicSettings = { name: 'cadf.control', partitions: 1, cleanup: 'compact' };

/** Tells of a thing that changed; `now` is undefined when it is gone. */
export type ChangeListener = (kind: Kind, id: string, now: Versioned | undefined) => void;

export interface ChangeOptions {
  /** Id of the principal that changes it. */
  readonly by: string;
  /** The version it is changed from; 0: it must not exist yet. */
  readonly ifVersion: number;
}

export interface ControlState {
  /** Creates the topic, reads all of it, then follows it until `close`. Rejects when the stream does not answer. */
  start(): Promise<void>;
  get<K extends Kind>(kind: K, id: string): Versioned<K> | undefined;
  /** In no particular order. */
  list<K extends Kind>(kind: K): readonly Versioned<K>[];
  /**
   * Writes one thing, or deletes it with null. Resolves when the change is durable and in force here: the next
   * read sees it. Other processes see it as soon as they have read on, well within a second.
   * Throws `CONTROL_CONFLICT` (not in `ifVersion`, or someone else was first; `CONTROL_EXISTS` where it should
   * not exist), `CONTROL_INVALID`, `CONTROL_FULL`, `CONTROL_BUSY` (nothing was changed), `CONTROL_LATE`, and what
   * `append` throws.
   */
  change<K extends Kind>(
    kind: K,
    id: string,
    entity: Entity<K> | null,
    options: ChangeOptions,
  ): Promise<Versioned<K> | undefined>;
  /** Called after each change is in force, also those of other processes and of the replay. Answers how to stop. */
  onChange(listener: ChangeListener): () => void;
  /** Whether it has read everything and still follows. */
  health(): CheckResult;
  close(): Promise<void>;
}

export interface ControlLogger {
  warn(fields: object, message: string): void;
}

export interface ControlStateOptions {
  readonly stream: EventStream;
  readonly logger: ControlLogger;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
  /** Milliseconds a change may take from durable to in force. Default 10,000. */
  readonly applyTimeoutMs?: number;
  /** Milliseconds between attempts to read on after the stream failed. Default 500. */
  readonly retryMs?: number;
}

const MAX_WAITING = 1000;

/** Makes the control state over a stream. Nothing is read before `start`. */
export function createControlState(options: ControlStateOptions): ControlState {
  const { stream, logger, now = Date.now, applyTimeoutMs = 10_000, retryMs = 500 } = options;
  const table = createControlTable();
  const listeners = new Set<ChangeListener>();
  const abort = new AbortController();
  let next = 0;
  let trouble = 'not started';
  let following: Promise<void> | undefined;

  // What became of the records read while a change of ours is under way, by offset.
  let outcomes: Map<number, Applied> | undefined;
  let arrived = (): void => undefined;
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();

  function take(record: StreamRecord): void {
    const decoded = decodeControlRecord(record);
    const applied = table.apply(decoded);
    next = record.offset + 1;
    if (decoded !== undefined && 'fault' in decoded) {
      logger.warn(
        { key: record.key, offset: record.offset, fault: decoded.fault },
        'unreadable control record',
      );
    }
    if (decoded !== undefined && (applied === 'applied' || applied === 'faulty')) {
      for (const listener of listeners)
        listener(decoded.kind, decoded.id, table.get(decoded.kind, decoded.id));
    }
    outcomes?.set(record.offset, applied);
    arrived();
  }

  async function readOn(follow: boolean): Promise<void> {
    const from = new Map([[0, next]]);
    for await (const batch of stream.read(CONTROL_TOPIC.name, { from, follow, signal: abort.signal })) {
      for (const record of batch.records) take(record);
      trouble = '';
    }
  }

  async function follow(): Promise<void> {
    while (!abort.signal.aborted) {
      try {
        await readOn(true);
        if (!abort.signal.aborted) throw new Error('the stream ended');
      } catch (error) {
        if (abort.signal.aborted) return;
        trouble = `cannot read the control stream: ${error instanceof Error ? error.message : String(error)}`;
        logger.warn({ err: error }, 'cannot read the control stream, trying again');
        await pause(retryMs, abort.signal);
        // Reading up to the end proves that it works again also when nothing new has come.
        await readOn(false).then(
          () => (trouble = ''),
          () => undefined,
        );
      }
    }
  }

  /** Writes what is in force once more, where a record that does not count is the newest. */
  async function restore(kind: Kind, id: string): Promise<void> {
    const current = table.get(kind, id);
    const base = current?.version ?? table.deletedVersion(kind, id);
    const content = current === undefined ? null : { ...current, version: base + 1 };
    await stream.append(CONTROL_TOPIC.name, { records: [encodeControlRecord(kind, id, base, content)] });
  }

  async function changeNow<K extends Kind>(
    kind: K,
    id: string,
    entity: Entity<K> | null,
    { by, ifVersion }: ChangeOptions,
  ): Promise<Versioned<K> | undefined> {
    const current = table.get(kind, id);
    if ((current?.version ?? 0) !== ifVersion) throw conflict(kind, id, ifVersion);
    if (current === undefined && table.count(kind) >= MAX_ENTITIES[kind]) {
      throw new ProblemError(controlErrors.CONTROL_FULL, {
        detail: `There are ${MAX_ENTITIES[kind]} of kind ${kind}`,
      });
    }
    const version = Math.max(now(), ifVersion + 1, table.deletedVersion(kind, id) + 1);
    const content = entity === null ? null : { entity, version, changedMs: now(), changedBy: by };
    const record = encodeControlRecord(kind, id, ifVersion, content);
    if (content !== null) check(kind, id, content, record.value?.length ?? 0);
    outcomes = new Map();
    try {
      const [position] = await stream.append(CONTROL_TOPIC.name, { records: [record] });
      if (position === undefined) throw new Error('the stream gave no position');
      const applied = await outcomeOf(position.offset);
      if (applied !== 'applied') {
        await restore(kind, id);
        throw conflict(kind, id, ifVersion);
      }
      return table.get(kind, id);
    } finally {
      outcomes = undefined;
    }
  }

  async function outcomeOf(offset: number): Promise<Applied> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      arrived();
    }, applyTimeoutMs);
    try {
      for (;;) {
        const outcome = outcomes?.get(offset);
        if (outcome !== undefined) return outcome;
        if (late || abort.signal.aborted) throw new ProblemError(controlErrors.CONTROL_LATE);
        await new Promise<void>((resolve) => (arrived = resolve));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    async start() {
      if (following !== undefined) return;
      await stream.createTopics([CONTROL_TOPIC]);
      await readOn(false);
      for (const { kind, id } of table.overwritten()) await restore(kind, id);
      trouble = '';
      following = follow();
    },
    get: (kind, id) => table.get(kind, id),
    list: (kind) => table.list(kind),
    async change(kind, id, entity, changeOptions) {
      if (waiting >= MAX_WAITING) throw new ProblemError(controlErrors.CONTROL_BUSY);
      waiting++;
      // One at a time: the next one must see the version that this one makes.
      const mine = last.then(() => changeNow(kind, id, entity, changeOptions));
      last = mine.catch(() => undefined);
      try {
        return await mine;
      } finally {
        waiting--;
      }
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    health: () => ({ ok: trouble === '', reason: trouble }),
    async close() {
      trouble = 'closed';
      abort.abort();
      arrived();
      await last;
      await following;
    },
  };
}

function check(kind: Kind, id: string, content: Versioned, bytes: number): void {
  const faults = faultsOf(kind, content);
  if (content.entity.id !== id) throw new Error(`entity id ${content.entity.id} is written as ${id}`);
  if (bytes > MAX_CONTROL_BYTES) {
    throw new ProblemError(controlErrors.CONTROL_INVALID, {
      detail: `${bytes} bytes, the most is ${MAX_CONTROL_BYTES}`,
    });
  }
  if (faults.length > 0) {
    throw new ProblemError(controlErrors.CONTROL_INVALID, {
      detail: faults.join('; '),
      faults: faults.map((fault) => ({ path: fault.split(' ', 1)[0] ?? '', message: fault })),
    });
  }
}

function conflict(kind: Kind, id: string, ifVersion: number): ProblemError {
  return ifVersion === 0
    ? new ProblemError(controlErrors.CONTROL_EXISTS, {
        detail: `There is a ${kind} ${JSON.stringify(id)} already`,
      })
    : new ProblemError(controlErrors.CONTROL_CONFLICT, {
        detail: `The ${kind} ${JSON.stringify(id)} has changed`,
      });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
