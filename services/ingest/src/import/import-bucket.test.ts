import { gzipSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { publicKeyOf } from '@cadf-pipeline/federation';
import { afterAll, expect, test } from 'vitest';
import { FINGERPRINT, keyPair, makeTrail } from '../../../../packages/cloudtrail/src/trail.test-support.ts';
import { ISSUER, KEY_ONE, makeChain } from '../../../../packages/federation/src/chain.test-support.ts';
import { ndjson, testEvent } from '../../../../test/support/events.ts';
import { s3OrSkip } from '../../../../test/support/s3-server.ts';
import { startImportApp } from './import-app.test-support.ts';

const s3 = await s3OrSkip();
afterAll(() => s3?.stop());

test.runIf(s3 !== undefined)(
  'segments, plain files and trails are taken from a bucket, and its secret is nowhere',
  async () => {
    if (s3 === undefined) return;
    const app = await startImportApp();
    const { client, credentials, endpoint } = s3;
    const bucket = await s3.makeBucket();
    const put = async (Key: string, Body: Buffer, Metadata: Record<string, string> = {}): Promise<void> =>
      void (await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body, Metadata })));
    const make = async (id: string, more: object, secretAccessKey = credentials.secretAccessKey) => {
      const { accessKeyId } = credentials;
      const from = {
        type: 'bucket',
        bucket,
        endpoint,
        pathStyle: true,
        prefix: `${id}/`,
        accessKeyId,
        secretAccessKey,
      };
      const { body, verdict } = await app.call('POST imports', { id, everySeconds: 5, ...more, from });
      expect(verdict, String(body['detail'])).toBe('201');
      expect(JSON.stringify(body)).not.toContain(secretAccessKey);
    };

    const lines = (): string[] => [testEvent(), testEvent()].map((event) => JSON.stringify(event));
    const chain = await makeChain([{ files: [{ events: lines(), compression: 'zstd' }] }, { files: [] }]);
    for (const [name, bytes] of chain) await put(`chain/${name}`, bytes);
    await put('plain/2026/11/a.ndjson.gz', gzipSync(ndjson([testEvent(), testEvent(), testEvent()])));
    await put('plain/b.bin', Buffer.from([1, 2, 3]));
    const trail = makeTrail(2);
    for (const [name, bytes] of trail.files) await put(`trail/${name}`, bytes, trail.metadata.get(name));

    await make('chain', { keys: { issuer: ISSUER, keys: [publicKeyOf(KEY_ONE)] } });
    await make('plain', { unsigned: true });
    const Value = keyPair.publicKey.export({ type: 'pkcs1', format: 'der' }).toString('base64');
    await make('trail', {
      content: 'aws-cloudtrail',
      keys: { PublicKeyList: [{ Fingerprint: FINGERPRINT, Value }] },
    });
    await make('wrong', { unsigned: true }, 'aSecretThatIsAnother');

    expect((await app.until('chain', ({ sequence }) => sequence === 2)).counts).toMatchObject({
      events: 2,
      accepted: 2,
    });
    const plain = await app.until('plain', ({ files, refused }) => files === 1 && refused === 1);
    expect(plain).toMatchObject({ counts: { events: 3, accepted: 3 }, recent: [{ file: 'b.bin' }] });
    const taken = await app.until('trail', ({ segments }) => segments === 2);
    expect(taken).toMatchObject({ state: 'active', refused: 0, counts: { events: 12 } });
    const wrong = await app.until('wrong', ({ fault }) => fault !== undefined);
    expect(wrong).toMatchObject({ state: 'waiting', fault: { code: 'IMPORT_PLACE_UNREADABLE' } });
    const kept = JSON.stringify((await app.records('cadf.control')).map(({ value }) => value?.toString()));
    expect(kept).toContain(bucket);
    expect(kept).not.toContain(credentials.secretAccessKey);
  },
);
