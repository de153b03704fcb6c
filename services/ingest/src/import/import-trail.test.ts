import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { FINGERPRINT, keyPair, makeTrail } from '../../../../packages/cloudtrail/src/trail.test-support.ts';
import type { TestTrail } from '../../../../packages/cloudtrail/src/trail.test-support.ts';
import { startImportApp } from './import-app.test-support.ts';

const VALUE = keyPair.publicKey.export({ type: 'pkcs1', format: 'der' }).toString('base64');

function writeTrail({ files, metadata }: TestTrail, folder: string): void {
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  // As `aws s3api head-object` tells of an object.
  for (const [name, Metadata] of metadata)
    writeFileSync(join(folder, `${name}.metadata.json`), JSON.stringify({ Metadata }));
}

test('of a trail only log files are taken that a signed digest names, and a changed one stops it', async () => {
  const app = await startImportApp();
  const trail = makeTrail(3);
  const [, , third = ''] = trail.logs;
  const good = trail.files.get(third) ?? Buffer.alloc(0);
  trail.files.set(
    third,
    gzipSync(JSON.stringify({ Records: [{ eventVersion: '1.11', eventID: 'forged' }] })),
  );
  writeTrail(trail, app.folder);
  const { verdict } = await app.call('POST imports', {
    id: 'aws',
    content: 'aws-cloudtrail',
    keys: { PublicKeyList: [{ Fingerprint: FINGERPRINT, Value: VALUE }] },
    from: { type: 'directory', path: app.folder },
  });
  expect(verdict).toBe('201');
  const stopped = await app.until('aws', ({ fault }) => fault !== undefined);
  expect(stopped).toMatchObject({
    state: 'stopped',
    segments: 1,
    files: 2,
    counts: { events: 6 },
    recent: [{ code: 'trail:changed-log-file', file: third }],
  });
  const texts = [...(await app.records()), ...(await app.letters())].map(({ value }) => String(value));
  expect(texts.some((text) => text.includes('forged"'))).toBe(false);

  writeFileSync(join(app.folder, third), good);
  await app.call('POST imports/aws/resume', {});
  const mended = await app.until('aws', ({ fault, segments }) => segments === 3 && fault === undefined);
  expect(mended).toMatchObject({ state: 'active', files: 6, counts: { events: 18 } });
  const { accepted = 0, deadLettered = 0, duplicates = 0, ignored = 0 } = mended.counts;
  expect(accepted + deadLettered + duplicates + ignored).toBe(18);
});
