/**
 * Who this deployment is to those it federates with: its name and the keys that sign what it gives away. All processes
 * share them by the control state, where the private parts are sealed; they are made when they are first needed.
 */
import { randomUUID } from 'node:crypto';
import { controlChangeEvent, FEDERATION_ID, MAX_FEDERATION_KEYS } from '@cadf-pipeline/control-state';
import type { Audit, ControlState, FederationKey, FederationKeys } from '@cadf-pipeline/control-state';
import {
  createSigningKey,
  federationDocument,
  openSigner,
  signRotation,
  SigningKey,
  publicKeyOf,
} from '@cadf-pipeline/federation';
import type { FederationDocument, Signer } from '@cadf-pipeline/federation';
import { ProblemError, Secret } from '@cadf-pipeline/service-kit';
import { Compile } from 'typebox/compile';
import { exportErrors } from '../errors.ts';
import type { SecretBox } from '../subscription/secret-box.ts';

export interface FederationIdentity {
  /** `urn:uuid:…`: names this deployment in reporter chains, chains and manifests. */
  issuer(): Promise<string>;
  /**
   * What signs now: to be asked again for each thing that is signed. Throws FEDERATION_KEY_SEALED where the key cannot be
   * opened; then nothing may be given away.
   */
  signer(): Promise<Signer>;
  /** What `/.well-known/cadf-federation.json` answers. */
  document(): Promise<FederationDocument>;
  /** The same with another key that signs. Throws FEDERATION_KEYS_FULL. */
  rotated(before: FederationKeys): Promise<FederationKeys>;
  /** As the control state holds it. */
  keys(): Promise<FederationKeys>;
}

export interface FederationIdentityDependencies {
  readonly state: Pick<ControlState, 'change' | 'get'>;
  readonly box: SecretBox;
  readonly audit: Audit;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

/** Other processes go on with the key before for so long at most: they hear of a change within a second. */
const OVERLAP_MS = 60_000;
const MAKER = 'cadf-pipeline';

const signingKey = Compile(SigningKey);

export function createFederationIdentity(deps: FederationIdentityDependencies): FederationIdentity {
  const { audit, box, now, state } = deps;
  let opened: { readonly sealed: string; readonly signer: Signer } | undefined;
  let making: Promise<FederationKeys> | undefined;

  async function keys(): Promise<FederationKeys> {
    const found = state.get('federation', FEDERATION_ID)?.entity;
    if (found !== undefined) return found;
    making ??= make().finally(() => (making = undefined));
    return making;
  }

  async function make(): Promise<FederationKeys> {
    const first: FederationKeys = {
      id: FEDERATION_ID,
      issuer: `urn:uuid:${randomUUID()}`,
      keys: [await newKey()],
    };
    const change = {
      eventId: randomUUID(),
      timeMs: now(),
      action: 'create',
      kind: 'federation',
      id: FEDERATION_ID,
      after: first,
      principal: { id: MAKER, name: MAKER },
    } as const;
    try {
      await audit(controlChangeEvent({ ...change, outcome: 'pending' }), []);
      await state.change('federation', FEDERATION_ID, first, { by: MAKER, ifVersion: 0 });
      await audit(controlChangeEvent({ ...change, outcome: 'success' }), []);
    } catch (error) {
      // Another process was first: its keys are in force here as soon as the change of ours was found to be late.
      if (state.get('federation', FEDERATION_ID) === undefined) throw error;
    }
    return state.get('federation', FEDERATION_ID)?.entity ?? first;
  }

  async function newKey(): Promise<FederationKey> {
    const { kid, x, created, ...rest } = await createSigningKey(now());
    const sealed = box.seal(new Secret(JSON.stringify({ kid, x, created, ...rest })), contextOf(kid));
    return { kid, x, created, sealed };
  }

  function open({ kid, sealed = '' }: FederationKey): SigningKey {
    const text = box.open(sealed, contextOf(kid))?.reveal();
    const key: unknown = text === undefined ? undefined : JSON.parse(text);
    if (!signingKey.Check(key)) throw new ProblemError(exportErrors.FEDERATION_KEY_SEALED);
    return key;
  }

  /** The last thing that the key before signs. Undefined where it cannot be opened: then peers have to be told another way. */
  async function handOver(
    { issuer, keys: [newest] }: FederationKeys,
    next: FederationKey,
    retired: string,
  ): Promise<string | undefined> {
    if (newest?.sealed === undefined) return undefined;
    try {
      const signer = await openSigner(open(newest));
      return await signRotation(signer, { issuer, key: publicKeyOf(next), created: next.created, retired });
    } catch (error) {
      if (error instanceof ProblemError) return undefined;
      throw error;
    }
  }

  return {
    keys,
    issuer: async () => (await keys()).issuer,
    async signer() {
      const [newest] = (await keys()).keys;
      if (newest?.sealed === undefined) throw new ProblemError(exportErrors.FEDERATION_KEY_SEALED);
      if (opened?.sealed !== newest.sealed)
        opened = { sealed: newest.sealed, signer: await openSigner(open(newest)) };
      return opened.signer;
    },
    async document() {
      const held = await keys();
      const rotations = held.keys.toReversed().flatMap(({ rotation = [] }) => rotation);
      return federationDocument(held.issuer, held.keys.map(publicKeyOf), rotations);
    },
    async rotated(before) {
      if (before.keys.length >= MAX_FEDERATION_KEYS)
        throw new ProblemError(exportErrors.FEDERATION_KEYS_FULL, {
          detail: `${before.keys.length} keys are published; the most is ${MAX_FEDERATION_KEYS}.`,
        });
      const retired = new Date(now() + OVERLAP_MS).toISOString();
      const older = before.keys.map(({ sealed: _sealed, ...key }) => ({ retired, ...key }));
      const next = await newKey();
      const rotation = await handOver(before, next, retired);
      return { ...before, keys: [{ ...next, ...(rotation === undefined ? {} : { rotation }) }, ...older] };
    },
  };
}

function contextOf(kid: string): string {
  return `federation key ${kid}`;
}
