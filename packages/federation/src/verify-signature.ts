/** Checks one JWS of this format, and nothing wider: what RFC 7515 would also allow is refused. */
import { flattenedVerify } from 'jose';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { VerifyFault } from './fault.ts';
import type { FaultCode } from './fault.ts';
import { parseJson } from './parse-json.ts';
import type { TrustedKey, TrustedKeys } from './trusted-keys.ts';

/** Three members and no others: no `crit`, so no `b64` (RFC 7797) either, no key in the header, no other algorithm. */
const ProtectedHeader = Compile(
  Type.Object(
    {
      alg: Type.Literal('EdDSA'),
      kid: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
      typ: Type.String({ maxLength: 32 }),
    },
    { additionalProperties: false },
  ),
);

const COMPACT = /^([A-Za-z0-9_-]{1,1024})\.([A-Za-z0-9_-]*)\.([A-Za-z0-9_-]{86})$/;

export interface Signed {
  readonly payload: Buffer;
  readonly key: TrustedKey;
}

/** Where a fault would be. */
export interface Site {
  readonly sequence?: number;
  readonly file: string;
  readonly invalid: Extract<FaultCode, 'signature-invalid' | 'head-invalid'>;
}

/**
 * `jws` is compact; with `detached`, its payload is that and none is in it. Throws VerifyFault: `invalid` of the site,
 * `key-unknown`, `signature-wrong`.
 */
export async function verifySignature(
  jws: Buffer,
  detached: Buffer | undefined,
  type: string,
  keys: TrustedKeys,
  { invalid, ...site }: Site,
): Promise<Signed> {
  const fail = (
    code: FaultCode,
    message: string,
    more: { expected?: string; found?: string } = {},
  ): never => {
    throw new VerifyFault({ code, ...site, ...more, message });
  };
  const [, header = '', inside = '', signature = ''] = COMPACT.exec(jws.toString('latin1')) ?? [];
  if (header === '') return fail(invalid, 'It is no compact JWS with an Ed25519 signature.');
  if (detached !== undefined && inside !== '')
    return fail(invalid, 'The signature has a payload of its own.');
  const payload = detached ?? fromBase64Url(inside);
  // Node reads on over them, and would take another spelling for what was signed.
  if ([header, inside, signature].some((part) => toBase64Url(fromBase64Url(part)) !== part)) {
    return fail(invalid, 'The signature has bits that belong to nothing.');
  }
  const members = parseJson(fromBase64Url(header));
  if (!ProtectedHeader.Check(members)) {
    return fail(invalid, 'The protected header has other members than alg (EdDSA), kid and typ.');
  }
  if (members.typ !== type) {
    return fail(invalid, 'The signature is of something else.', { expected: type, found: members.typ });
  }
  const key = keys.keys.get(members.kid);
  if (key === undefined) {
    return fail('key-unknown', `It is signed by the key "${members.kid}", which is none of the keys given.`, {
      expected: [...keys.keys.keys()].slice(0, 5).join(', '),
      found: members.kid,
    });
  }
  try {
    const flattened = { protected: header, payload: toBase64Url(payload), signature };
    await flattenedVerify(flattened, key.key, { algorithms: ['EdDSA'] });
  } catch {
    return fail(
      'signature-wrong',
      `It is not what the key "${key.kid}" signed: it or its signature was changed.`,
    );
  }
  return { payload, key };
}

function fromBase64Url(text: string): Buffer {
  return Buffer.from(text, 'base64url');
}

function toBase64Url(bytes: Buffer): string {
  return bytes.toString('base64url');
}
