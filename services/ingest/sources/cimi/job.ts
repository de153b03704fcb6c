/** Jobs: what was asked of the provider, how far it is, how it ended. All states of a job are versions of one event. */
import type { Measurement, Resource } from '@cadf-pipeline/cadf-model';
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import type { Cloud } from './cloud.ts';
import { listOf, referenceOf, textOf } from './document.ts';
import type { Folded } from './document.ts';
import { figure } from './finding.ts';
import type { Finding, NoEvent, Reading } from './finding.ts';
import { initiatorOf } from './initiators.ts';
import { isStopped, outcomeOfJob } from './outcome-words.ts';
import { typeOfReference } from './resource-types.ts';
import type { ResourceType } from './resource-types.ts';
import { readTime } from './times.ts';
import { actionOf } from './verbs.ts';

const METRIC = 'http://schemas.dmtf.org/cimi/1/Job/';
const MAX_TAGGED = 16;
const NO_CLOCK = createLocalClock();

export function readJob({ asked, cloud, resource: { members } }: Reading): Finding | NoEvent {
  const state = textOf(members.get('state')) ?? textOf(members.get('status'));
  const word = textOf(members.get('action'));
  if (state === undefined && word === undefined) return { ignored: 'reference-only' };
  const id = textOf(members.get('id')) ?? textOf(members.get('href'));
  const key = id === undefined ? undefined : cloud.keyOf(id);
  const wanted = referenceOf(members.get('targetresource'));
  const type = typeOfReference(wanted ?? '');
  const action = word === undefined ? undefined : actionOf(word, type);
  const begun = readTime(members.get('created') ?? members.get('timeofstatuschange'), NO_CLOCK);
  const who =
    action === undefined || wanted === undefined || begun === undefined || begun.guessed !== undefined
      ? undefined
      : asked.whoAsked(action, cloud.keyOf(wanted), begun.epochMs);
  const initiator = initiatorOf(members, cloud, who);
  const outcome = outcomeOfJob(state);
  const code = textOf(members.get('returncode'));
  return {
    rule: action === undefined ? 'unmapped-job' : 'job',
    key,
    operation: key,
    times: ['timeofstatuschange', 'updated', 'created'].map((name) => members.get(name)),
    action: action ?? 'unknown',
    outcome,
    initiator: initiator.resource,
    target: targetOf(members, wanted, type, action, cloud),
    name: word ?? 'job',
    reasonCode: code ?? state,
    tags: [
      ...(state === undefined ? [] : [['state', state] as const]),
      ...(isStopped(state) ? [['stopped', 'true'] as const] : []),
      ...(initiator.inferredFrom === undefined
        ? []
        : [['initiator', `inferred-${initiator.inferredFrom}`] as const]),
      ...relatedTags(members, cloud),
    ],
    figures: figuresOf(members, outcome),
  };
}

/** What was made, where one thing was (nothing else creates in a collection); else what it was done to. */
function targetOf(
  members: Folded,
  wanted: string | undefined,
  type: ResourceType,
  action: string | undefined,
  cloud: Cloud,
): Resource {
  const affected = [...new Set(affectedBy(members))].filter((one) => one !== wanted);
  if (wanted === undefined) {
    const [only] = affected.length === 1 ? affected : [];
    return only === undefined ? { id: 'unknown', typeURI: 'unknown' } : cloud.resourceAt(only);
  }
  const made =
    type.isCollection && /^(?:create|deploy)/.test(action ?? '') ? madeIn(type, affected) : undefined;
  if (made === undefined) return cloud.resourceAt(wanted, type);
  const madeType = typeOfReference(made);
  return cloud.resourceAt(made, madeType.name === '' ? type : madeType);
}

/** The one thing that was made, or the one of the collection's own kind beside its parts (a system and its machines). */
function madeIn(type: ResourceType, affected: readonly string[]): string | undefined {
  if (affected.length === 1) return affected[0];
  const own = affected.filter((one) => typeOfReference(one).name === type.name);
  return own.length === 1 ? own[0] : undefined;
}

function affectedBy(members: Folded): string[] {
  const list = members.get('affectedresources') ?? members.get('affectedresource');
  return listOf(list, 'affectedresource').flatMap((one) => referenceOf(one) ?? []);
}

/** The job it is a part of, and its parts: they are events of their own. */
function relatedTags(members: Folded, cloud: Cloud): (readonly [string, string])[] {
  const parent = referenceOf(members.get('parentjob'));
  const nested = listOf(members.get('nestedjobs') ?? members.get('nestedjob'), 'nestedjob');
  return [
    ...(parent === undefined ? [] : [['parent-job', cloud.keyOf(parent)] as const]),
    ...nested
      .flatMap((one) => referenceOf(one) ?? [])
      .slice(0, MAX_TAGGED)
      .map((one) => ['nested-job', cloud.keyOf(one)] as const),
  ];
}

/** How far it is, in percent; how long it took, in seconds: as told, else from when it was made until it ended. */
function figuresOf(members: Folded, outcome: Finding['outcome']): Measurement[] {
  const figures: Measurement[] = [];
  const progress = Number(textOf(members.get('progress')) ?? Number.NaN);
  if (progress >= 0 && progress <= 100) figures.push(figure(`${METRIC}progress`, 'progress', '%', progress));
  const told = Number(textOf(members.get('duration')) ?? Number.NaN);
  const seconds = told >= 0 && Number.isFinite(told) ? told : secondsBetween(members);
  if (seconds !== undefined && (outcome === 'success' || outcome === 'failure'))
    figures.push(figure(`${METRIC}duration`, 'duration', 's', seconds));
  return figures;
}

function secondsBetween(members: Folded): number | undefined {
  const begun = readTime(members.get('started') ?? members.get('created'), NO_CLOCK);
  const ended = readTime(members.get('timeofstatuschange'), NO_CLOCK);
  if (begun === undefined || ended === undefined || begun.guessed !== ended.guessed) return undefined;
  return begun.guessed === 'time' || ended.epochMs < begun.epochMs
    ? undefined
    : (ended.epochMs - begun.epochMs) / 1000;
}
