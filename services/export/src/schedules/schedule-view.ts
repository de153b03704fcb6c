/** A schedule as it is answered. */
import { scheduleContent, shownDestination } from '@cadf-pipeline/control-state';
import type { Versioned } from '@cadf-pipeline/control-state';
import { Type } from 'typebox';
import { exportExample, ownedView, ownerView } from '../exports/export-view.ts';
import { readCron } from './cron-times.ts';
import type { ScheduleRecord } from './schedule-record.ts';

const Instant = Type.String({ description: 'RFC 3339, ms' });

export const ScheduleView = Type.Object(
  {
    id: Type.String(),
    ...ownedView,
    ...scheduleContent,
    paused: Type.Boolean(),
    next: Type.Optional(Type.String({ description: 'RFC 3339, ms: its next time, without the delay' })),
    last: Type.Optional(
      Type.Object(
        {
          due: Instant,
          export: Type.Optional(
            Type.String({ description: 'Id of the export; none: it was not made up for' }),
          ),
        },
        { description: 'The last time that was dealt with' },
      ),
    ),
    problem: Type.Optional(Type.String({ description: 'Why nothing is asked for, and how to mend it' })),
    changed: Instant,
    version: Type.Integer({ description: 'The ETag' }),
  },
  { description: 'The schedule' },
);

export const scheduleExample = {
  id: '0e8f9a52-6a0c-4a56-8f0e-4d539a550d1f',
  name: 'Failures of each month',
  filter: "outcome = 'failure'",
  format: 'cadf-ndjson',
  compression: 'gzip',
  tenants: ['acme'],
  destination: { type: 'download' },
  cron: '0 6 1 * *',
  timeZone: 'Europe/Berlin',
  window: 'previous-period',
  owner: exportExample.owner,
  mine: true,
  paused: false,
  next: '2026-12-01T05:00:00.000Z',
  last: { due: '2026-11-01T05:00:00.000Z', export: exportExample.id },
  created: '2026-10-20T12:00:00.000Z',
  changed: '2026-10-20T12:00:00.000Z',
  version: 1_793_534_400_000,
} as const;

export function scheduleView(
  { changedMs, entity, version }: Versioned<'schedule'>,
  record: ScheduleRecord | undefined,
  mine: boolean,
  nowMs: number,
): object {
  const { owner, since: _since, ...shown } = entity;
  const times = readCron(entity.cron, entity.timeZone);
  const next = typeof times === 'string' || entity.paused ? undefined : times.next(nowMs);
  const { dueMs, export: asked, problem } = record ?? {};
  return {
    ...shown,
    destination: shownDestination(entity.destination),
    owner: ownerView(owner),
    mine,
    ...(next === undefined ? {} : { next: new Date(next).toISOString() }),
    ...(dueMs === undefined
      ? {}
      : { last: { due: new Date(dueMs).toISOString(), ...(asked === undefined ? {} : { export: asked }) } }),
    ...(problem === undefined ? {} : { problem }),
    changed: new Date(changedMs).toISOString(),
    version,
  };
}
