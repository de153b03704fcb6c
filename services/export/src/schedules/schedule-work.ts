/** The schedules that this process minds, one of all that share them. */
import type { ControlState } from '@cadf-pipeline/control-state';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { createSharedWork } from '@cadf-pipeline/shared-work';
import type { Kept, WorkLogger } from '@cadf-pipeline/shared-work';
import { ScheduleRecord } from './schedule-record.ts';
import { runSchedule } from './schedule-run.ts';
import type { ScheduleRunDependencies } from './schedule-run.ts';

export interface ScheduleWorkDependencies extends Omit<ScheduleRunDependencies, 'state'> {
  readonly state: Pick<ControlState, 'change' | 'get' | 'list' | 'onChange'>;
  readonly stream: EventStream;
  readonly logger: WorkLogger;
}

export interface ScheduleWork {
  start(): Promise<void>;
  record(id: string): Kept<ScheduleRecord> | undefined;
  /** Why the schedules of this process are not minded; undefined: they are. */
  trouble(): string | undefined;
  stop(): Promise<void>;
}

const TOPIC = { name: 'cadf.export-schedules', partitions: 16, cleanup: 'compact' } as const;
const GROUP = 'cadf-export-schedules';

export function createScheduleWork(deps: ScheduleWorkDependencies): ScheduleWork {
  const { logger, now, rights, state, stream } = deps;
  const work = createSharedWork({
    stream,
    logger,
    topic: TOPIC,
    group: GROUP,
    noun: 'schedule',
    record: ScheduleRecord,
    now,
    ids: () => state.list('schedule').map(({ entity }) => entity.id),
    definition(id) {
      const found = state.get('schedule', id);
      if (found === undefined || found.entity.paused) return undefined;
      return JSON.stringify([found.version, rights.basis(found.entity)]);
    },
    run: (id, mine, stop) => runSchedule(deps, id, mine, stop),
  });
  let unlisten: () => void = () => undefined;
  return {
    async start() {
      unlisten = state.onChange((kind, id) => {
        if (kind === 'schedule') work.changed(id);
        if (kind !== 'key') return;
        for (const { entity } of state.list('schedule')) if (entity.owner.id === id) work.changed(entity.id);
      });
      await work.start();
    },
    record: (id) => work.get(id),
    trouble: () => work.trouble(),
    async stop() {
      unlisten();
      await work.stop();
    },
  };
}
