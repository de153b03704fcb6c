/** Samples of meters: what was measured of a resource, and when. */
import type { Attachment, Measurement } from '@cadf-pipeline/cadf-model';
import { attachment } from '../../src/normalize/event-draft.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { fold, referenceOf, textOf } from './document.ts';
import type { Folded } from './document.ts';
import { figure } from './finding.ts';
import type { Finding, NoEvent, Reading } from './finding.ts';
import type { CimiResource } from './resources.ts';
import { intervalOf } from './sample-interval.ts';

const NO_MEMBERS: Folded = new Map();

export function readSample({ cloud, resource }: Reading): Finding | NoEvent {
  const { members, within } = resource;
  if (!members.has('timestamp') && !members.has('value')) return { ignored: 'reference-only' };
  const meter = meterOf(resource);
  const about = within?.type.name === 'meter' ? within.members : NO_MEMBERS;
  const aspect = textOf(about.get('aspect')) ?? textOf(members.get('aspect'));
  const value = textOf(members.get('value'));
  const timestamp = textOf(members.get('timestamp')) ?? '';
  const target = referenceOf(about.get('targetresource') ?? members.get('targetresource')) ?? meter;
  const metricId = aspect ?? (meter === undefined ? 'meter' : cloud.keyOf(meter));
  const name = metricId.slice(metricId.lastIndexOf('/') + 1);
  return {
    rule: 'sample',
    key: meter === undefined ? undefined : `${cloud.keyOf(meter)} ${timestamp}`,
    times: [members.get('timestamp')],
    action: 'monitor',
    outcome: value === undefined ? 'unknown' : 'success',
    initiator: cloud.provider,
    target: target === undefined ? { id: 'unknown', typeURI: 'unknown' } : cloud.resourceAt(target),
    name: `sample ${name}`,
    measurements: [
      measured(metricId, name, textOf(about.get('units')) ?? 'unknown', value, cloud.provider.id),
    ],
    tags: meter === undefined ? [] : [['meter', cloud.keyOf(meter)]],
    ...(about.has('intervalduration') ? { attached: (time) => intervalAttached(about, time) } : {}),
  };
}

function intervalAttached(meter: Folded, { epochMs, guessed }: EventTime): readonly Attachment[] {
  const interval = guessed === 'time' ? undefined : intervalOf(meter, epochMs);
  return interval === undefined ? [] : [attachment('interval', 'application/json', JSON.stringify(interval))];
}

/** Counts of a log's events by severity: no event of its own. */
export function readEventLog({ cloud, resource: { members } }: Reading): Finding | NoEvent {
  const counts = fold(members.get('summary'));
  const measurements = ['low', 'medium', 'high', 'critical'].flatMap((severity) => {
    const count = textOf(counts.get(severity));
    return count === undefined
      ? []
      : [
          figure(
            `http://schemas.dmtf.org/cimi/1/EventLog/summary/${severity}`,
            severity,
            'events',
            numberOf(count),
          ),
        ];
  });
  if (measurements.length === 0) return { ignored: 'event-log-summary' };
  const id = textOf(members.get('id'));
  const target = referenceOf(members.get('targetresource')) ?? id;
  return {
    rule: 'event-log-summary',
    isNoise: true,
    key: undefined,
    times: [members.get('updated'), members.get('created')],
    action: 'monitor',
    outcome: 'success',
    initiator: cloud.provider,
    target: target === undefined ? { id: 'unknown', typeURI: 'unknown' } : cloud.resourceAt(target),
    name: 'event log summary',
    measurements,
  };
}

/** The state of any other resource; what it was before is not known here. */
export function readState({ cloud, resource: { members, type } }: Reading): Finding | NoEvent {
  const state = textOf(members.get('state'));
  const id = textOf(members.get('id'));
  if (state === undefined || id === undefined) return { ignored: 'resource-state' };
  return {
    rule: 'resource-state',
    isNoise: true,
    key: undefined,
    times: [members.get('updated'), members.get('created')],
    action: 'monitor',
    outcome: 'success',
    initiator: cloud.provider,
    target: cloud.resourceAt(id, type, textOf(members.get('name')) ?? ''),
    name: `state ${state}`,
    measurements: [
      figure('http://schemas.dmtf.org/cimi/1/event/state', 'state', 'state', state.slice(0, 1024)),
    ],
  };
}

/** The meter around it, its parent, or what the collection is named after: `meters/m1/samples`. */
function meterOf({ members, within }: CimiResource): string | undefined {
  const parent = referenceOf(members.get('parent'));
  if (parent !== undefined) return parent.replace(/\/samples\/?$/i, '');
  const id = textOf(within?.members.get('id'));
  return within?.type.name === 'meter' ? id : id?.replace(/\/samples\/?$/i, '');
}

function measured(
  metricId: string,
  name: string,
  unit: string,
  value: string | undefined,
  calculatedById: string,
): Measurement {
  return { ...figure(metricId, name, unit, value === undefined ? '' : numberOf(value)), calculatedById };
}

/** A number only where it loses nothing. */
function numberOf(value: string): string | number {
  const parsed = Number(value);
  return String(parsed) === value ? parsed : value.slice(0, 1024);
}
