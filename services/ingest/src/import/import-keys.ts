/** Who is believed: the keys that an import was given, and those that they handed over to since. */
import { hash } from 'node:crypto';
import { followRotations, KeysUnusable, readTrustedKeys } from '@cadf-pipeline/federation';
import type { TrustedKeys } from '@cadf-pipeline/federation';
import type { ImportRun } from './import-run-context.ts';

/** A record is small: it is written again and again. */
const MAX_LEARNED_CHARACTERS = 64 * 1024;

/** Throws KeysUnusable. */
export async function keysOf({ definition, record }: ImportRun): Promise<TrustedKeys> {
  const { trusted = '' } = definition;
  const { learned } = record();
  return readTrustedKeys(learned !== undefined && learned.of === hashOf(trusted) ? learned.keys : trusted);
}

/**
 * Believes the keys that those believed hand over to by what their deployment publishes; answers whether there are any. Throws
 * KeysUnusable, VerifyFault, and what `published` throws.
 */
export async function learnKeys(run: ImportRun, published: () => Promise<unknown>): Promise<boolean> {
  const { definition } = run;
  const { from, trusted = '' } = definition;
  const before = await keysOf(run);
  const chain = from.type === 'feed' ? from.chain : '';
  const issuer = before.issuer ?? chain.slice(0, Math.max(0, chain.lastIndexOf('/feeds/')));
  const { added, document } = await followRotations(before, await published(), issuer);
  if (added.length === 0) return false;
  const keys = JSON.stringify(document);
  if (keys.length > MAX_LEARNED_CHARACTERS)
    throw new KeysUnusable(
      'the provider has had more keys than are remembered: give the import its present ones',
    );
  await run.save({ ...run.record(), learned: { of: hashOf(trusted), keys } });
  return true;
}

/** Learned keys go when the owner gives others. */
function hashOf(text: string): string {
  return hash('sha256', text, 'hex');
}
