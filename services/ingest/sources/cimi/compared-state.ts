/**
 * What a collector found by comparing a resource with what it last saw of it, at providers that tell neither jobs nor
 * events of it. The document is the collector's own; README.md has its members.
 */
import type { Cloud } from './cloud.ts';
import { fold, textOf } from './document.ts';
import type { Folded } from './document.ts';
import { figure } from './finding.ts';
import type { Finding, NoEvent, Reading } from './finding.ts';
import { nobody } from './initiators.ts';
import { typeOfReference, typeOfUri } from './resource-types.ts';
import type { ResourceType } from './resource-types.ts';

/** Its `resourceURI`. */
export const COMPARED_STATE = 'urn:cadf-pipeline:cimi:compared-state';
/** The name its type is read as. */
export const COMPARED_STATE_TYPE = typeOfUri(COMPARED_STATE).name;

const METRIC = 'http://schemas.dmtf.org/cimi/1/event/state';

type Meaning = Pick<Finding, 'rule' | 'action' | 'initiator' | 'outcome' | 'times' | 'name' | 'measurements'>;

export function readComparedState({ cloud, resource: { members } }: Reading): Finding | NoEvent {
  const id = textOf(members.get('id'));
  const resource = fold(members.get('resource'));
  const previous = fold(members.get('previous'));
  const change = textOf(members.get('change')) ?? '';
  const meaning = meaningOf(change, members, resource, cloud);
  if (id === undefined || meaning === undefined)
    return {
      code: 'CIMI_COMPARED_STATE',
      detail:
        'The compared state has no id, or its change is not one of state, appear, create, delete. Send it as README.md says.',
    };
  const before = textOf(previous.get('state'));
  const seenBefore = textOf(previous.get('seen'));
  const state = textOf(resource.get('state'));
  return {
    ...meaning,
    // Without when it was found: the same change may be found again after a restart.
    key: [
      cloud.keyOf(id),
      change,
      textOf(previous.get('since')) ??
        (change === 'create' ? textOf(resource.get('created')) : seenBefore) ??
        '',
      before ?? '',
      change === 'state' ? (state ?? '') : '',
    ].join(' '),
    target: cloud.resourceAt(id, typeOf(members, resource), textOf(resource.get('name')) ?? ''),
    reasonCode: state ?? change,
    tags: [
      ['found-by', 'comparison'],
      ...(before === undefined ? [] : [['previous-state', before] as const]),
      ...(seenBefore === undefined ? [] : [['seen-before', seenBefore] as const]),
    ],
  };
}

/** Who did it is never told; what was only observed, the provider told. */
function meaningOf(change: string, members: Folded, resource: Folded, cloud: Cloud): Meaning | undefined {
  const seen = members.get('seen');
  const state = textOf(resource.get('state'));
  switch (change) {
    case 'state':
    case 'appear':
      return {
        rule: 'compared-state',
        action: 'monitor',
        outcome: state === undefined ? 'unknown' : 'success',
        initiator: cloud.provider,
        times: [seen],
        name: `state ${state ?? 'unknown'}`,
        measurements: [figure(METRIC, 'state', 'state', (state ?? 'unknown').slice(0, 1024))],
      };
    case 'create':
      return { ...done(cloud, 'create'), times: [resource.get('created'), seen] };
    case 'delete':
      return { ...done(cloud, 'delete'), times: [seen] };
    default:
      return undefined;
  }
}

/** It is there, or it is not there any more: whatever was asked for has been done. */
function done(cloud: Cloud, action: 'create' | 'delete'): Omit<Meaning, 'times'> {
  return {
    rule: `compared-${action}`,
    action,
    outcome: 'success',
    initiator: nobody(cloud),
    name: action,
  };
}

function typeOf(members: Folded, resource: Folded): ResourceType {
  const told = textOf(resource.get('resourceuri')) ?? textOf(resource.get('resourcetype'));
  return told === undefined ? typeOfReference(textOf(members.get('collection')) ?? '') : typeOfUri(told);
}
