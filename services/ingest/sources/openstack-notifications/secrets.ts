/** Takes the values of secret members out of a message's text: tokens of the context, passwords in payloads. */
import { isMembers } from '@cadf-pipeline/cadf-model';
import type { Members } from '@cadf-pipeline/cadf-model';

const SECRET =
  /(?:^|_|\.)(?:auth_?token|trust_token|token|password|passwd|passphrase|admin_?pass|secret|private_key|fernet_key)$/i;
/** Values that services have masked themselves. */
const MASKED = /^(?:\*+|<.{0,40}>|.{0,8} ?x+ x+ ?.{0,8})$/i;
const MAX_SECRETS = 256;
const MAX_DEPTH = 32;
/** Letters and signs that neither JSON nor Python escapes. */
const PLAIN = /^[\w.~+/=:@!#$%^&*()-]+$/;
const MAX_NAME = 128;
const MAX_NAMES = 4096;
/** Names come again in each message. */
const secretNames = new Map<string, boolean>();

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
  for (const secret of found) left = PLAIN.test(secret) ? maskPlain(left, secret) : mask(left, secret);
  return { text: left, isRedacted: true };
}

/** Most secrets look the same in all forms. */
function maskPlain(text: string, secret: string): string {
  if (!text.includes(secret)) return text;
  return text.replaceAll(`"${secret}"`, '"***"').replaceAll(String.raw`\"${secret}\"`, String.raw`\"***\"`);
}

/** As JSON, as JSON inside a string, and both with other characters than ASCII escaped, as Python writes. */
function mask(text: string, secret: string): string {
  let left = text;
  for (const form of new Set([JSON.stringify(secret), ascii(JSON.stringify(secret))])) {
    left = left.replaceAll(form, '"***"');
    left = left.replaceAll(JSON.stringify(form).slice(1, -1), String.raw`\"***\"`);
  }
  return left;
}

function collect(value: unknown, found: Set<string>, depth: number): void {
  if (depth > MAX_DEPTH || found.size >= MAX_SECRETS) return;
  if (Array.isArray(value)) {
    for (const one of value) collect(one, found, depth + 1);
  } else if (isMembers(value)) {
    for (const name of Object.keys(value)) {
      const member = value[name];
      if (typeof member === 'string') {
        if (member !== '' && isSecretName(name) && !MASKED.test(member)) found.add(member);
      } else if (typeof member === 'object') collect(member, found, depth + 1);
    }
  }
}

function isSecretName(name: string): boolean {
  const known = secretNames.get(name);
  if (known !== undefined) return known;
  const isSecret = SECRET.test(name);
  if (name.length > MAX_NAME) return isSecret;
  if (secretNames.size >= MAX_NAMES) secretNames.clear();
  secretNames.set(name, isSecret);
  return isSecret;
}

function ascii(text: string): string {
  return text.replaceAll(/[^\0-\u007F]/g, (unit) =>
    [...Array(unit.length).keys()]
      .map((index) => `\\u${unit.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
