/** Takes the values of secret members out of a message's text: tokens of the context, passwords in payloads. */
import { isMembers } from '@cadf-pipeline/cadf-model';
import type { Members } from '@cadf-pipeline/cadf-model';

const SECRET =
  /(?:^|_|\.)(?:auth_?token|trust_token|token|password|passwd|passphrase|admin_?pass|secret|private_key|fernet_key)$/i;
/** Values that services have masked themselves. */
const MASKED = /^(?:\*+|<.{0,40}>|.{0,8} ?x+ x+ ?.{0,8})$/i;
const MAX_SECRETS = 256;
const MAX_DEPTH = 32;

export interface Redacted {
  readonly text: string;
  readonly isRedacted: boolean;
}

/** `message`: what was parsed of `text`, the innermost. A value is masked wherever its JSON form occurs. */
export function redactMembers(text: string, message: Members): Redacted {
  if (!/token|pass|secret|private_key|fernet/i.test(text)) return { text, isRedacted: false };
  const found = new Set<string>();
  collect(message, found, 0);
  if (found.size === 0) return { text, isRedacted: false };
  let left = text;
  for (const secret of found) {
    // As JSON, as JSON inside a string, and both with other characters than ASCII escaped, as Python writes.
    for (const form of new Set([JSON.stringify(secret), ascii(JSON.stringify(secret))])) {
      left = left.replaceAll(form, '"***"');
      left = left.replaceAll(JSON.stringify(form).slice(1, -1), String.raw`\"***\"`);
    }
  }
  return { text: left, isRedacted: true };
}

function collect(value: unknown, found: Set<string>, depth: number): void {
  if (depth > MAX_DEPTH || found.size >= MAX_SECRETS) return;
  if (Array.isArray(value)) {
    for (const one of value) collect(one, found, depth + 1);
  } else if (isMembers(value)) {
    for (const [name, member] of Object.entries(value)) {
      if (typeof member === 'string') {
        if (member !== '' && SECRET.test(name) && !MASKED.test(member)) found.add(member);
      } else collect(member, found, depth + 1);
    }
  }
}

function ascii(text: string): string {
  return text.replaceAll(/[^\0-\u007F]/g, (unit) =>
    [...Array(unit.length).keys()]
      .map((index) => `\\u${unit.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
