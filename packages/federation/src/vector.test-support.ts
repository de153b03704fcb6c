/** One test vector of docs/federation-vectors, and what several are made of. */
import { hash } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { KEY_ONE, atMinute } from './chain.test-support.ts';
import type { Place } from './chain.test-support.ts';
import { manifestName, openSigner, signatureName } from './index.ts';
import type { Fault, FederationDocument, SegmentManifest, SigningKey } from './index.ts';

export interface Vector {
  readonly about: string;
  readonly keys: FederationDocument;
  /**
   * What the deployment publishes now, where somebody asks for it: keys that the trusted ones hand over to are trusted, too. Not
   * trusted by itself.
   */
  readonly published?: FederationDocument;
  /** A chain that it must be, where that is asked. */
  readonly chain?: string;
  /** A signed head of before, where one is remembered. */
  readonly remembered?: string;
  /** By name; text is UTF-8. */
  readonly files: Readonly<Record<string, { readonly text: string } | { readonly base64: string }>>;
  /** Null where it is good. */
  readonly fault: Pick<Fault, 'code' | 'sequence' | 'file' | 'lines'> | null;
  /** How many events the segments withhold, where it is good; else none. */
  readonly withheld?: number;
}

/** Adds one, made of the usual chain of four segments. */
export type AddVector = (
  name: string,
  about: string,
  fault: Vector['fault'],
  change: (place: Place) => Place | void | Promise<Place | void>,
  more?: Partial<Vector>,
) => Promise<void>;

/** Of RFC 8032 7.1, tests 2 and 3. */
export const KEY_TWO = await keyOf(
  'TM0Imyj_ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U-4pvs',
  'PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw',
  2,
);
export const KEY_THREE = await keyOf(
  'xaqN9D-fg3vtt0QvMdy3sWbThTUHbwlLhc46LgtEWPc',
  '_FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU',
  3,
);

export const events = (from: number, upto: number): readonly string[] =>
  Array.from({ length: upto - from + 1 }, (_, index) =>
    JSON.stringify({
      typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
      id: `urn:uuid:00000000-0000-4000-8000-${String(from + index).padStart(12, '0')}`,
      eventType: 'activity',
      eventTime: atMinute(from + index),
      action: 'authenticate/login',
      outcome: 'failure',
      initiator: { id: 'u-ada', typeURI: 'data/security/account/user', name: 'ada' },
      target: { id: 'p-blue', typeURI: 'service/security' },
      observer: { id: 'keystone', typeURI: 'service/security' },
    }),
  );
/** Puts a segment that no signer would sign, signed well; answers the SHA-256 of its manifest. */
export async function putSigned(place: Place, sequence: number, manifest: object): Promise<string> {
  const signer = await openSigner(KEY_ONE);
  const bytes = Buffer.from(JSON.stringify(manifest));
  const jws = await signer.sign('cadf-manifest', bytes);
  place.set(manifestName(sequence), bytes);
  place.set(signatureName(sequence), Buffer.from(jws.replace(/\.[^.]*\./, '..')));
  return hash('sha256', bytes, 'hex');
}

export function manifestOf(place: Place, sequence: number): SegmentManifest {
  return JSON.parse(String(place.get(manifestName(sequence))));
}

async function keyOf(d: string, x: string, minute: number): Promise<SigningKey> {
  const kid = await calculateJwkThumbprint({ kty: 'OKP', crv: 'Ed25519', x });
  return { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig', created: atMinute(minute), d };
}
