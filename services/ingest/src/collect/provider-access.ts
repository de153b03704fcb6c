/** Which CIMI providers may be asked, and as whom: a matter of the deployment, never of a source's registration. */
import type { PollDefinition } from '@cadf-pipeline/control-state';
import { Secret } from '@cadf-pipeline/service-kit';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Value } from 'typebox/value';
import type { CimiAuth } from '../cimi/credentials.ts';
import { isLoopback } from '../cimi/loopback.ts';

const Text = Type.String({ minLength: 1, maxLength: 65_536 });
const Pem = Type.String({ pattern: '^\\s{0,8}-----BEGIN ', maxLength: 1_048_576 });
const Credentials = Type.Record(
  Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$' }),
  Type.Object(
    {
      origin: Type.String({ pattern: '^https?://[^\\s/?#@\\\\]{1,300}/?$' }),
      ca: Type.Optional(Pem),
      basic: Type.Optional(
        Type.Object({ username: Text, password: Type.String() }, { additionalProperties: false }),
      ),
      bearer: Type.Optional(Type.String({ pattern: '^[\\x21-\\x7e]{1,65536}$' })),
      certificate: Type.Optional(Type.Object({ cert: Pem, key: Pem }, { additionalProperties: false })),
    },
    { additionalProperties: false },
  ),
);

/** How one provider is asked. */
export interface ProviderAccess {
  readonly origin: string;
  readonly auth: CimiAuth;
  /** PEM of the authorities to trust instead of the system's. */
  readonly authorities?: string;
}

/** By name. */
export type CimiCredentials = ReadonlyMap<string, ProviderAccess>;

/** Reads the setting; a fault is the end of a sentence that begins with its name, and tells nothing of the text. */
export function readCimiCredentials(
  text: string | undefined,
): { readonly credentials: CimiCredentials } | { readonly fault: string } {
  if (text === undefined) return { credentials: new Map() };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { fault: 'is no JSON' };
  }
  if (!Value.Check(Credentials, value)) {
    const [error] = Value.Errors(Credentials, value);
    return { fault: `is not as described at ${error?.instancePath ?? '/'}` };
  }
  const credentials = new Map<string, ProviderAccess>();
  for (const [name, entry] of Object.entries(value)) {
    const origin = originOf(entry.origin);
    const auth = authOf(entry);
    if (origin === undefined) return { fault: `is not as described at /${name}/origin` };
    if (auth === undefined)
      return { fault: `names more than one of basic, bearer and certificate at /${name}` };
    if (auth.kind === 'certificate' && !origin.startsWith('https:'))
      return { fault: `has a certificate for an origin without TLS at /${name}` };
    if (auth.kind !== 'none' && origin.startsWith('http:') && !isLoopback(new URL(origin)))
      return { fault: `would be sent in the clear at /${name}: give an https origin` };
    credentials.set(name, {
      origin,
      auth,
      ...(entry.ca === undefined ? {} : { authorities: entry.ca }),
    });
  }
  return { credentials };
}

function authOf({ basic, bearer, certificate }: Static<typeof Credentials>[string]): CimiAuth | undefined {
  const found: CimiAuth[] = [];
  if (basic !== undefined)
    found.push({ kind: 'basic', user: basic.username, password: new Secret(basic.password) });
  if (bearer !== undefined) found.push({ kind: 'bearer', token: new Secret(bearer) });
  if (certificate !== undefined)
    found.push({
      kind: 'certificate',
      certificate: certificate.cert,
      key: new Secret(certificate.key),
    });
  if (found.length > 1) return undefined;
  return found[0] ?? { kind: 'none' };
}

/** As the web platform writes it; undefined where the text is more than an origin, or none. */
export function originOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  return isWeb && url.href === `${url.origin}/` ? url.origin : undefined;
}

/**
 * How the provider that a source names is asked. A fault, for a person, where it may not be: whoever may register sources
 * must not make this process ask anything else, nor send credentials elsewhere.
 */
export function accessFor(
  { url, credentials: name }: PollDefinition,
  allowed: readonly string[],
  credentials: CimiCredentials,
): ProviderAccess | { readonly fault: string } {
  // The form of a registration holds more than URLs: brackets, escapes and ports can be wrong in many ways.
  if (!URL.canParse(url)) return { fault: `${url.slice(0, 200)} is no URL` };
  const { origin } = new URL(url);
  const origins = new Set([...allowed, ...[...credentials.values()].map((entry) => entry.origin)]);
  if (!origins.has(origin))
    return {
      fault: `${origin} is none of the origins that CADF_CIMI_PROVIDERS and CADF_CIMI_CREDENTIALS name`,
    };
  if (name === undefined) return { origin, auth: { kind: 'none' } };
  const found = credentials.get(name);
  if (found === undefined) return { fault: `CADF_CIMI_CREDENTIALS has no ${name}` };
  if (found.origin !== origin) return { fault: `the credentials ${name} are not for ${origin}` };
  return found;
}
