/** What the collector itself has to tell, as events: collecting fails or works again, a job is gone before it ended. */
import type { CadfEvent } from '@cadf-pipeline/cadf-model';
import { recordId } from '../record-id.ts';
import { ownMonitorEvent, sourceResource } from '../submission/own-monitor-event.ts';

const TEXT = 'https://www.iana.org/assignments/media-types/text/plain';
const MAX_REASON = 256;

export interface CollectTrouble {
  readonly source: string;
  readonly name: string;
  /** Of `CimiFailure`. */
  readonly code: string;
  /** For people; no secret. */
  readonly detail: string;
  /** Of the poll in which it was first seen, milliseconds since 1970 UTC. */
  readonly beganMs: number;
}

/** The same trouble gives the same event: its id derives from the source, the code and when it began. */
export function troubleEvent(trouble: CollectTrouble): CadfEvent {
  const { source, name, code, detail, beganMs } = trouble;
  return aboutSource(trouble, {
    id: recordId(['cimi-trouble', source, code, String(beganMs)]),
    eventTime: beganMs,
    outcome: 'failure',
    name: 'collecting fails',
    reasonCode: code,
    detail: `${name}: ${detail}`,
  });
}

export function recoveryEvent(trouble: CollectTrouble, endedMs: number): CadfEvent {
  const { source, code, beganMs } = trouble;
  return aboutSource(trouble, {
    id: recordId(['cimi-trouble-over', source, code, String(beganMs)]),
    eventTime: endedMs,
    outcome: 'success',
    name: 'collecting works again',
    reasonCode: `${code} since ${new Date(beganMs).toISOString()}`,
    detail: '',
  });
}

interface About {
  readonly id: string;
  readonly eventTime: number;
  readonly outcome: 'success' | 'failure';
  readonly name: string;
  readonly reasonCode: string;
  readonly detail: string;
}

function aboutSource({ source, name: label, beganMs }: CollectTrouble, about: About): CadfEvent {
  const { id, eventTime, outcome, name, reasonCode, detail } = about;
  return ownMonitorEvent({
    id,
    timeMs: eventTime,
    outcome,
    target: sourceResource(source, label),
    name,
    reasonCode,
    measurements: [
      {
        result: String(Math.max(0, Math.round((eventTime - beganMs) / 1000))),
        metric: { metricId: 'collect-trouble', unit: 's', name: 'seconds in trouble' },
      },
    ],
    ...(detail === '' ? {} : { attachments: [{ contentType: TEXT, content: detail, name: 'detail' }] }),
  });
}

export interface GoneJob {
  readonly source: string;
  /** Address, or what else it is known by. */
  readonly job: string;
  /** What it was last seen in. */
  readonly state: string;
  /** When it was first seen open, and when it was found gone; milliseconds since 1970 UTC. */
  readonly seenMs: number;
  readonly goneMs: number;
}

/** A job that was open is not there any more: how it ended is not known. */
export function jobGoneEvent({ source, job, state, seenMs, goneMs }: GoneJob): CadfEvent {
  return ownMonitorEvent({
    id: recordId(['cimi-job-gone', source, job, String(seenMs)]),
    timeMs: goneMs,
    outcome: 'unknown',
    target: { id: job.slice(0, MAX_REASON), typeURI: 'data/workload/job' },
    name: 'job gone before its end was seen',
    reasonCode: `last seen ${state.slice(0, MAX_REASON)}`,
    measurements: [
      { result: state.slice(0, MAX_REASON), metric: { metricId: 'cimi-job', unit: 'state', name: 'state' } },
    ],
  });
}
