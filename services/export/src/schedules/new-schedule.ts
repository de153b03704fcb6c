/** The body that makes or changes a schedule, and how it becomes a definition. */
import { scheduleContent } from '@cadf-pipeline/control-state';
import type { ExportSchedule } from '@cadf-pipeline/control-state';
import type { Principal } from '@cadf-pipeline/service-kit';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { requireAllowed } from '../exports/destination-rules.ts';
import type { DestinationRules } from '../exports/destination-rules.ts';
import { invalid, newExportMembers, readContent, sealDestination } from '../exports/new-export.ts';
import type { SecretBox } from '../subscription/secret-box.ts';
import { readCron } from './cron-times.ts';

export const NewSchedule = Type.Object(
  { ...newExportMembers, ...scheduleContent },
  {
    additionalProperties: false,
    examples: [
      {
        name: 'Failures of each month',
        filter: "outcome = 'failure'",
        format: 'cadf-ndjson',
        compression: 'gzip',
        cron: '0 6 1 * *',
        timeZone: 'Europe/Berlin',
        window: 'previous-period',
      },
    ],
  },
);
export type NewSchedule = Static<typeof NewSchedule>;

export interface ScheduleReading {
  readonly box: SecretBox;
  readonly destinations: DestinationRules;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

/** Throws what asking for an export throws. */
export function readSchedule(
  { box, destinations, now }: ScheduleReading,
  asked: NewSchedule,
  principal: Principal,
  owner: ExportSchedule['owner'],
  id: string,
): Omit<ExportSchedule, 'created' | 'paused' | 'since'> {
  const content = readContent(asked, principal);
  requireAllowed(asked.destination, destinations);
  const { cron, delaySeconds, missed, timeZone, window } = asked;
  const times = readCron(cron, timeZone);
  if (typeof times === 'string') throw invalid('/cron', times);
  if (times.next(now()) === undefined) throw invalid('/cron', 'names no time that will ever come');
  return {
    id,
    ...content,
    destination: sealDestination(box, id, asked.destination),
    owner,
    cron,
    ...(timeZone === undefined ? {} : { timeZone }),
    window,
    ...(missed === undefined ? {} : { missed }),
    ...(delaySeconds === undefined ? {} : { delaySeconds }),
  };
}

export function isSameTimes(
  before: Pick<ExportSchedule, 'cron' | 'timeZone' | 'window'>,
  after: Pick<ExportSchedule, 'cron' | 'timeZone' | 'window'>,
): boolean {
  return before.cron === after.cron && before.timeZone === after.timeZone && before.window === after.window;
}
