import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createControlState, FEDERATION_ID } from '@cadf-pipeline/control-state';
import { followRotations, readTrustedKeys } from '@cadf-pipeline/federation';
import { createLmdbStream } from '@cadf-pipeline/event-stream';
import { createLogger } from '@cadf-pipeline/service-kit';
import { expect, onTestFinished, test } from 'vitest';
import { createSecretBox } from '../subscription/secret-box.ts';
import { createFederationIdentity } from './federation-identity.ts';
import type { FederationIdentity } from './federation-identity.ts';

test('processes share one name and its keys, those that were rotated stay published, and no other key opens them', async () => {
  const path = mkdtempSync(join(tmpdir(), 'identity-'));
  const stream = createLmdbStream({ path, sweepIntervalMs: 0, tombstoneRetentionMs: 0 });
  const logger = createLogger({ name: 'test', level: 'silent' });
  const states = [createControlState({ stream, logger }), createControlState({ stream, logger })] as const;
  onTestFinished(async () => {
    for (const state of states) await state.close();
    await stream.close();
    rmSync(path, { recursive: true, force: true });
  });
  for (const state of states) await state.start();
  const audited: string[] = [];
  const audit = (event: object): Promise<void> => Promise.resolve(void audited.push(JSON.stringify(event)));
  const open = (state: (typeof states)[0], byte: number): FederationIdentity =>
    createFederationIdentity({ state, box: createSecretBox(Buffer.alloc(32, byte)), audit, now: Date.now });
  const [one, other] = [open(states[0], 1), open(states[1], 1)];

  // Both find none and make theirs at the same moment.
  const [first, second] = await Promise.all([one.document(), other.document()]);
  await expect.poll(() => other.document(), { timeout: 20_000 }).toEqual(first);
  expect(first.issuer).toMatch(/^urn:uuid:/);
  expect(audited.filter((event) => event.includes('"success"'))).toHaveLength(1);
  expect(audited.join('')).not.toContain('sealed');
  expect([first.issuer, (await one.signer()).kid]).toEqual([second.issuer, second.keys[0]?.kid]);

  const before = states[0].get('federation', FEDERATION_ID);
  const rotated = await one.rotated(await one.keys());
  await states[0].change('federation', FEDERATION_ID, rotated, {
    by: 'test',
    ifVersion: before?.version ?? 0,
  });
  const { keys } = await one.document();
  expect(keys).toHaveLength(2);
  expect((await one.signer()).kid).toBe(keys[0]?.kid);
  expect(keys[1]).toMatchObject({ kid: first.keys[0]?.kid, retired: expect.any(String) });
  // Who trusts the first key comes to trust the second by what the first one signed.
  const published = await one.document();
  const followed = await followRotations(
    await readTrustedKeys(JSON.stringify(first)),
    published,
    first.issuer,
  );
  expect(followed.added).toEqual([keys[0]?.kid]);
  expect(JSON.stringify(await one.document())).not.toMatch(/sealed|"d"/);

  await expect(open(states[0], 2).signer()).rejects.toMatchObject({ code: 'FEDERATION_KEY_SEALED' });
});
