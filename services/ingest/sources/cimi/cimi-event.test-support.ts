/** Reads one CIMI document as a source does, for the tests that hold the mapping to its tables. */
import { validateEvent } from '@cadf-pipeline/cadf-model';
import type { CadfEvent } from '@cadf-pipeline/cadf-model';
import type { NormalizerContext, Outcome } from '../../src/source.ts';
import { source } from './source.ts';

/** Documents of tests came in then: 2026-11-21T00:00:00Z. */
export const RECEIVED_MS = 1_795_219_200_000;

export function outcomesOf(document: unknown, context: Partial<NormalizerContext> = {}): Outcome[] {
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  const normalizer = source.createNormalizer({ sourceName: 'cloud', host: 'host-1', ...context });
  return [...normalizer.push({ text, receivedMs: RECEIVED_MS }), ...normalizer.flush()];
}

/** The one event of a document and the rule it is made by, whatever else is ignored; throws where it is none, several or no CADF. */
export function eventOf(
  document: unknown,
  context: Partial<NormalizerContext> = {},
): CadfEvent & { readonly rule: string } {
  const outcomes = outcomesOf(document, context);
  const [outcome, ...others] = outcomes.filter(({ kind }) => kind !== 'ignored');
  if (outcome?.kind !== 'event' || others.length > 0) {
    throw new Error(`not one event: ${JSON.stringify(outcomes).slice(0, 2000)}`);
  }
  const faults = validateEvent(outcome.event, 'strict');
  if (faults.length > 0) throw new Error(`no CADF: ${JSON.stringify(faults)}`);
  return { ...outcome.event, rule: outcome.rule };
}

/** A Job as its provider says it; members given replace those it has. */
export function job(members: Record<string, unknown>): Record<string, unknown> {
  return {
    resourceURI: 'http://schemas.dmtf.org/cimi/1/Job',
    id: 'jobs/j1',
    state: 'SUCCESS',
    action: 'http://schemas.dmtf.org/cimi/1/action/start',
    targetResource: { href: 'machines/m1' },
    timeOfStatusChange: '2026-11-20T10:00:00Z',
    ...members,
  };
}

/** An Event of a type, a last word behind the root of 1.x or a whole URI; members given replace those it has. */
export function happening(
  type: string,
  content: unknown,
  members: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    resourceURI: 'http://schemas.dmtf.org/cimi/1/Event',
    id: 'eventLogs/l1/events/e1',
    timestamp: '2026-11-20T10:00:00Z',
    type: type.includes(':') ? type : `http://schemas.dmtf.org/cimi/1/event/${type}`,
    content,
    ...members,
  };
}
