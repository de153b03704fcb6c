/** Asks for the exports of one schedule, each at its time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { controlChangeEvent, namedTenants, MAX_EXPORTS_OF_ONE } from '@cadf-pipeline/control-state';
import type { Audit, ControlState, ExportJob, ExportSchedule } from '@cadf-pipeline/control-state';
import type { EventStore } from '@cadf-pipeline/event-store';
import type { Work, WorkStop } from '@cadf-pipeline/shared-work';
import { idOf } from '../exports/export-events.ts';
import { fromPositions } from '../exports/export-question.ts';
import type { ExportRights } from '../exports/export-rights.ts';
import { resealDestination } from '../exports/new-export.ts';
import type { SecretBox } from '../subscription/secret-box.ts';
import { readCron } from './cron-times.ts';
import type { CronTimes } from './cron-times.ts';
import { dueTimes } from './due-times.ts';
import type { ScheduleRecord } from './schedule-record.ts';

export interface ScheduleRunDependencies {
  readonly state: Pick<ControlState, 'change' | 'get' | 'list'>;
  readonly store: Pick<EventStore, 'snapshot'>;
  readonly rights: ExportRights;
  readonly box: SecretBox;
  readonly audit: Audit;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

/** Timers are set for no longer, so that a clock that is set does not matter for long. */
const MAX_SLEEP_MS = 60_000;

/** Ends where nothing may be asked for; `problem` of the record says why. */
export async function runSchedule(
  deps: ScheduleRunDependencies,
  id: string,
  work: Work<ScheduleRecord>,
  stop: WorkStop,
): Promise<void> {
  const { now, rights, state } = deps;
  const schedule = state.get('schedule', id)?.entity;
  if (schedule === undefined || schedule.paused) return;
  const known: ScheduleRecord = work.record ?? {};
  let record = resumed(known);
  const save = async (next: ScheduleRecord): Promise<void> => {
    record = next;
    await work.save(next);
  };
  const times = readCron(schedule.cron, schedule.timeZone);
  if (typeof times === 'string') return save({ ...record, problem: times });
  await save(record);

  while (!stop.soft.aborted) {
    const lastMs = Math.max(record.dueMs ?? -Infinity, Date.parse(schedule.since));
    const { due, passed } = dueTimes(times, schedule, lastMs, now());
    for (const dueMs of due) {
      const refusal = rights.scopeOf(schedule);
      if (typeof refusal === 'string') return save({ ...record, problem: refusal });
      if (isFull(state, schedule)) {
        const problem = `Its owner has ${MAX_EXPORTS_OF_ONE} exports: delete those that are no longer needed.`;
        if (record.problem === undefined) await save({ ...record, problem });
        break;
      }
      await work.certain(stop.soft);
      const job = await askedFor(deps, schedule, times, dueMs, record);
      await save({ dueMs, export: job.id, asOf: job.asOf });
    }
    // Those that are not made up for.
    if (due.length === 0 && passed !== undefined) await save({ ...record, dueMs: passed });
    await sleep(MAX_SLEEP_MS - (now() % MAX_SLEEP_MS), undefined, { signal: stop.soft });
  }
}

/** The export of one time: however often it is asked for, there is one. */
async function askedFor(
  deps: ScheduleRunDependencies,
  schedule: ExportSchedule,
  times: CronTimes,
  dueMs: number,
  record: ScheduleRecord,
): Promise<ExportJob> {
  const { audit, now, state, store } = deps;
  const due = new Date(dueMs).toISOString();
  const id = idOf(schedule.id, due);
  const known = state.get('export', id)?.entity;
  if (known !== undefined) return known;
  const { created: _created, cron: _cron, delaySeconds: _delay, missed: _missed, ...rest } = schedule;
  const { paused: _paused, since: _since, timeZone: _zone, window, ...content } = rest;
  const fromMs = times.previous(dueMs);
  const job: ExportJob = {
    ...content,
    id,
    destination: resealDestination(deps.box, schedule.destination, schedule.id, id),
    created: new Date(now()).toISOString(),
    asOf: fromPositions(await store.snapshot()),
    ...(window === 'previous-period' ? { toMs: dueMs, ...(fromMs === undefined ? {} : { fromMs }) } : {}),
    ...(window === 'since-last' && record.asOf !== undefined ? { since: record.asOf } : {}),
    schedule: { id: schedule.id, due },
  };
  const change = {
    eventId: idOf(id, 'asked'),
    timeMs: now(),
    action: 'create',
    kind: 'export',
    id,
    after: job,
    principal: schedule.owner,
  } as const;
  const seen = namedTenants(job);
  await audit(controlChangeEvent({ ...change, outcome: 'pending' }), seen);
  await state.change('export', id, job, { by: schedule.owner.id, ifVersion: 0 });
  await audit(controlChangeEvent({ ...change, outcome: 'success' }), seen);
  return job;
}

function isFull(state: Pick<ControlState, 'list'>, { owner }: ExportSchedule): boolean {
  const own = state.list('export').filter(({ entity }) => entity.owner.id === owner.id);
  return own.length >= MAX_EXPORTS_OF_ONE;
}

/** What was found to hinder it is looked at anew. */
function resumed({ asOf, dueMs, export: last }: ScheduleRecord): ScheduleRecord {
  return {
    ...(dueMs === undefined ? {} : { dueMs }),
    ...(last === undefined ? {} : { export: last }),
    ...(asOf === undefined ? {} : { asOf }),
  };
}
