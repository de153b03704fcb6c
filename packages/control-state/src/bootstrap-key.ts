import { randomUUID } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';

import { createToken, keyIdOf, Secret } from '@cadf-pipeline/service-kit';

import { BOOTSTRAP_KEY_ID } from './key-verifier.ts';

export interface BootstrapKey {
  readonly token: Secret;
  /** Where it is written; undefined when it was configured. */
  readonly file?: string;
  /** Whether this call made it: the time to show it. */
  readonly created: boolean;
}

export interface BootstrapKeyOptions {
  /** Directory of the file `bootstrap-key`; made where it does not exist. */
  readonly dataDir: string;
  /** A key from the configuration (CADF_BOOTSTRAP_KEY): used instead of a file, and never written. */
  readonly configuredKey?: Secret;
}

/** The bootstrap key cannot be used; the message says what to do. */
export class BootstrapKeyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BootstrapKeyError';
  }
}

/**
 * The key an operator starts with: the configured one, else the one in `<dataDir>/bootstrap-key`, else a new one
 * written there for the owner alone (mode 0600). Throws `BootstrapKeyError` for a weak or unreadable one.
 */
export async function ensureBootstrapKey({
  dataDir,
  configuredKey,
}: BootstrapKeyOptions): Promise<BootstrapKey> {
  if (configuredKey !== undefined) {
    const weakness = weaknessOf(configuredKey.reveal());
    if (weakness !== undefined) {
      throw new BootstrapKeyError(`CADF_BOOTSTRAP_KEY ${weakness}; make one with: openssl rand -base64 32`);
    }
    return { token: configuredKey, created: false };
  }
  const file = join(dataDir, 'bootstrap-key');
  await mkdir(dataDir, { recursive: true });
  const found = await readKey(file);
  if (found !== undefined) return { token: found, file, created: false };
  await writeKey(file, createToken(BOOTSTRAP_KEY_ID));
  // Read back: where two processes started at once, both use the file of the one that was first.
  const written = await readKey(file);
  if (written === undefined) throw new BootstrapKeyError(`${file} vanished while it was made`);
  return { token: written, file, created: true };
}

/** Why a configured key could be guessed or sent wrongly, as the end of a sentence; undefined when it is good. */
export function weaknessOf(key: string): string | undefined {
  if (!/^[A-Za-z0-9._~+/-]+=*$/.test(key))
    return 'has characters that a bearer credential cannot have (RFC 6750 §2.1)';
  if (key.length < 32) return `has ${key.length} characters, at least 32 are needed`;
  if (key.length > 512) return `has ${key.length} characters, at most 512 are taken`;
  for (let period = 1; period <= key.length / 2; period++) {
    if (key.slice(period) === key.slice(0, -period)) return 'repeats itself';
  }
  // Shannon entropy by character frequency: no proof of randomness, but it finds typed and padded keys.
  const counts = new Map<string, number>();
  for (const character of key) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= count * Math.log2(count / key.length);
  return bits < 96 ? 'has too few different characters to be random' : undefined;
}

async function readKey(file: string): Promise<Secret | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const token = text.trim();
  if (keyIdOf(token) !== BOOTSTRAP_KEY_ID) {
    throw new BootstrapKeyError(`${file} holds no bootstrap key: delete it to have a new one made`);
  }
  const { mode } = await stat(file);
  if ((mode & 0o077) !== 0) await chmod(file, 0o600);
  return new Secret(token);
}

async function writeKey(file: string, token: string): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${token}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    // A link appears whole or not at all, and never replaces a key that is there.
    await link(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await unlink(draft);
  }
}
