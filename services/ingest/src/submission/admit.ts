/**
 * One event from "read" to "ready for the stream": validated, masked, routed to its tenants, digested.
 * Hot path: runs once per event, allocates little, and never throws for what an event says.
 */
import { hash } from 'node:crypto';
import { validateEvent } from '@cadf-pipeline/cadf-model';
import type { Fault, ProfileName } from '@cadf-pipeline/cadf-model';
import { eventHeaders, eventKey } from '@cadf-pipeline/event-stream';
import type { AppendRecord } from '@cadf-pipeline/event-stream';
import { bareTokens, maskTokens } from './mask-token.ts';

/** What is the same for every event of one submission. */
export interface AdmissionRules {
  readonly profile: ProfileName;
  readonly source: string;
  /** Replace bare credential tokens (default true). */
  readonly maskTokens: boolean;
  /** The tenants that may see the event. */
  readonly tenantsOf: (event: Readonly<Record<string, unknown>>) => readonly string[];
}

/** An event ready to be appended. */
export interface AdmittedEvent {
  readonly admitted: true;
  readonly id: string;
  readonly digest: string;
  readonly record: AppendRecord;
}

export interface RefusedEvent {
  readonly admitted: false;
  readonly id?: string;
  /** At least one, the worst first. */
  readonly faults: readonly Fault[];
}

/** `bytes` is the event's own JSON text, `value` what JSON.parse made of it. */
export function admitEvent(
  bytes: Buffer,
  value: unknown,
  rules: AdmissionRules,
): AdmittedEvent | RefusedEvent {
  const errors = errorsOf(validateEvent(value, rules.profile));
  const id = idOf(value);
  if (errors.length > 0 || id === undefined || !isObject(value))
    return { admitted: false, faults: errors, ...(id === undefined ? {} : { id }) };
  let kept = bytes;
  let receivedDigest: string | undefined;
  if (rules.maskTokens) {
    const tokens = bareTokens(value);
    if (tokens.length > 0) {
      receivedDigest = hash('sha256', bytes, 'hex');
      kept = Buffer.from(maskTokens(bytes.toString('utf8'), tokens), 'utf8');
    }
  }
  const digest = hash('sha256', kept, 'hex');
  const tenants = rules.tenantsOf(value);
  return {
    admitted: true,
    id,
    digest,
    record: {
      key: eventKey(rules.source, id),
      value: kept,
      headers: eventHeaders({ tenants, digest, ...(receivedDigest === undefined ? {} : { receivedDigest }) }),
    },
  };
}

const NO_FAULTS: readonly Fault[] = [];

function errorsOf(faults: readonly Fault[]): readonly Fault[] {
  return faults.length === 0 ? NO_FAULTS : faults.filter((fault) => fault.severity === 'error');
}

function idOf(value: unknown): string | undefined {
  return isObject(value) && typeof value['id'] === 'string' ? value['id'] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
