/**
 * A bare security token in `credential/token` (DSP0262 Credential: "possibly obfuscated") would turn the audit store
 * into a store of secrets. It is masked whole on the way in: showing its ends, as some emitters do, leaks short ones.
 */
import { valueSpan } from '../body/json-span.ts';

/** What stands in place of a token. */
export const TOKEN_MASK = '***';

const ROLES = ['initiator', 'target', 'observer'] as const;
// Emitters mask with runs of * or x: "***", "MIIDxxxxxxxxABCD", "xxxx".
const MASKED = /^$|\*{3}|[xX]{4}/;

/** Paths of the tokens in an event that are not yet masked. Empty for nearly every event. */
export function bareTokens(event: Readonly<Record<string, unknown>>): readonly (readonly string[])[] {
  let found: (readonly string[])[] | undefined;
  for (const role of ROLES) {
    const token = tokenOf(event[role]);
    if (token === undefined || token === null || (typeof token === 'string' && MASKED.test(token))) continue;
    (found ??= []).push([role, 'credential', 'token']);
  }
  return found ?? [];
}

function tokenOf(resource: unknown): unknown {
  if (typeof resource !== 'object' || resource === null || !('credential' in resource)) return undefined;
  const credential = resource.credential;
  if (typeof credential !== 'object' || credential === null || !('token' in credential)) return undefined;
  return credential.token;
}

/** The text with the values at these paths replaced by the mask; everything else stays as it was, byte for byte. */
export function maskTokens(text: string, paths: readonly (readonly string[])[]): string {
  let masked = text;
  for (const path of paths) {
    const span = valueSpan(masked, path);
    if (span !== undefined) masked = `${masked.slice(0, span.start)}"${TOKEN_MASK}"${masked.slice(span.end)}`;
  }
  return masked;
}
