/** What a provider gives to whom it invites: one line of text, with all that is needed to accept. docs/federation-format.md, "Invitations". */
import Type from 'typebox';
import type { Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { Issuer } from './segment-manifest.ts';

/** A secret: whoever has it can accept it. */
export const Invitation = Type.Object({
  v: Type.Literal(1),
  url: Type.String({
    maxLength: 2048,
    pattern: '^https?://[^\\s]{1,2040}$',
    description: 'Origin of the provider',
  }),
  feed: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$' }),
  issuer: Issuer,
  keys: Type.Array(Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }), {
    minItems: 1,
    maxItems: 1000,
    description: 'RFC 7638 thumbprints of the keys that sign the feed',
  }),
  secret: Type.String({ pattern: '^[A-Za-z0-9_-]{32,256}$' }),
  expires: Type.String({ maxLength: 64, description: 'RFC 3339, UTC' }),
});
export type Invitation = Static<typeof Invitation>;

const PREFIX = 'cadf-invitation.';
const MAX_CHARACTERS = 128 * 1024;
const BASE64URL = /^[A-Za-z0-9_-]+$/;
const invitations = Compile(Invitation);

/** `cadf-invitation.` and the JSON as base64url. */
export function writeInvitation(invitation: Invitation): string {
  return PREFIX + Buffer.from(JSON.stringify(invitation)).toString('base64url');
}

/** Undefined where the text is none, or not the whole of one. Blanks around it do no harm. */
export function readInvitation(text: string): Invitation | undefined {
  if (text.length > MAX_CHARACTERS) return undefined;
  const trimmed = text.trim();
  const encoded = trimmed.startsWith(PREFIX) ? trimmed.slice(PREFIX.length) : '';
  if (!BASE64URL.test(encoded)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
    return invitations.Check(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
