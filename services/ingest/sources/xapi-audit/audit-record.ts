/** The members of an audit record, by their places in its s-expression (xen-api: `rbac_audit.ml`). */
import { readSExpression } from './s-expression.ts';
import type { SExpression } from './s-expression.ts';

/** One argument of a call. Empty members are left out. */
export interface Parameter {
  readonly name: string;
  /** The value, or the name of the object that `ref` is. */
  readonly value?: string;
  readonly uuid?: string;
  readonly ref?: string;
  /** Of a structured argument. */
  readonly members?: readonly Parameter[];
}

export interface AuditRecord {
  /** Digest of the session: the same in all records of one login. */
  readonly trackid: string;
  /** An SID of a directory, `LOCAL_SUPERUSER`, `LOCAL_SESSION`, or empty. */
  readonly subject: string;
  readonly user: string;
  readonly access: 'ALLOWED' | 'DENIED';
  /** `OK`, `ERROR:CODE: [ … ]`, empty when denied. */
  readonly result: string;
  readonly kind: 'API' | 'HTTP';
  /** `VM.start`, `http/get_export`; without `Async.`. */
  readonly call: string;
  readonly parameters: readonly Parameter[];
}

const MAX_PARAMETER_DEPTH = 8;

/** Undefined where the text is no whole audit record. */
export function readAuditRecord(text: string): AuditRecord | undefined {
  const expression = readSExpression(text);
  if (expression === undefined || typeof expression === 'string') return undefined;
  const [trackid, subject, user, access, result, kind, call, args] = expression;
  if (typeof trackid !== 'string' || !trackid.startsWith('trackid=')) return undefined;
  if (typeof subject !== 'string' || typeof user !== 'string' || typeof result !== 'string') return undefined;
  if (access !== 'ALLOWED' && access !== 'DENIED') return undefined;
  if ((kind !== 'API' && kind !== 'HTTP') || typeof call !== 'string' || call === '') return undefined;
  return {
    trackid: trackid.slice('trackid='.length),
    subject,
    user,
    access,
    result,
    kind,
    call: call.startsWith('Async.') ? call.slice('Async.'.length) : call,
    parameters: readParameters(args, 0),
  };
}

function readParameters(list: SExpression | undefined, depth: number): Parameter[] {
  if (list === undefined || typeof list === 'string' || depth > MAX_PARAMETER_DEPTH) return [];
  const parameters: Parameter[] = [];
  for (const item of list) {
    if (typeof item === 'string') continue;
    const [name, value, uuid, ref] = item;
    if (typeof name !== 'string') continue;
    parameters.push({
      name,
      ...(typeof value === 'string' && value !== '' ? { value } : {}),
      ...(typeof uuid === 'string' && uuid !== '' ? { uuid } : {}),
      ...(typeof ref === 'string' && ref !== '' ? { ref } : {}),
      ...(value !== undefined && typeof value !== 'string'
        ? { members: readParameters(value, depth + 1) }
        : {}),
    });
  }
  return parameters;
}
