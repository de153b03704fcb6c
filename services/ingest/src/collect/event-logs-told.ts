/** What we tell of a log ourselves: that events of it are missing, or may go before they are read. */
import type { CadfEvent, Measurement } from '@cadf-pipeline/cadf-model';
import { uriPart } from '../normalize/resources.ts';
import { recordId } from '../record-id.ts';
import { ownMonitorEvent } from '../submission/own-monitor-event.ts';
import { SEVERITIES, spell } from './event-logs-counts.ts';
import type { Gap } from './event-logs-marks.ts';

/** The same gap gives the same event, however often it is told. A monitor event (DSP0262 6.6.1). */
export function gapEvent(source: string, log: URL, gap: Gap): CadfEvent {
  const { missing, counted, read, foundMs } = gap;
  const reason = `missing ${spell(missing)}; counted ${spell(counted)}; read ${spell(read)}`;
  return tell({
    name: 'event log gap',
    identity: [source, log.href, String(foundMs), reason],
    log,
    timeMs: foundMs,
    reason,
    measurements: SEVERITIES.filter((severity) => missing[severity] > 0).map((severity) => ({
      result: String(missing[severity]),
      metric: { metricId: 'event-log-gap', unit: 'events', name: `missing events of severity ${severity}` },
    })),
  });
}

export interface ShortPersistence {
  /** As the provider says it. */
  readonly persistence: string;
  readonly persistenceMs: number;
  /** Between two polls. */
  readonly intervalMs: number;
  readonly foundMs: number;
}

export function persistenceEvent(source: string, log: URL, short: ShortPersistence): CadfEvent {
  const { persistence, persistenceMs, intervalMs, foundMs } = short;
  return tell({
    name: 'event log persistence',
    identity: [source, log.href, persistence, String(foundMs)],
    log,
    timeMs: foundMs,
    reason: `events are kept ${persistence.slice(0, 64)}, ${seconds(persistenceMs)} s, and were read after ${seconds(intervalMs)} s`,
    measurements: [
      {
        result: seconds(intervalMs),
        metric: { metricId: 'event-log-persistence', unit: 's', name: 'seconds between two polls' },
      },
    ],
  });
}

interface Told {
  readonly name: string;
  readonly identity: readonly string[];
  readonly log: URL;
  readonly timeMs: number;
  readonly reason: string;
  readonly measurements: readonly Measurement[];
}

function tell({ name, identity, log, timeMs, reason, measurements }: Told): CadfEvent {
  return ownMonitorEvent({
    id: recordId([name, ...identity]),
    timeMs,
    outcome: 'failure',
    target: { id: uriPart(log.href), typeURI: 'data/file/log', name: log.href.slice(0, 1024) },
    name,
    reasonCode: reason,
    measurements,
  });
}

function seconds(ms: number): string {
  return String(Math.round(ms / 1000));
}
