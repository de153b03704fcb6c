import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { ListMultipartUploadsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { filePlaceSuite, namesOf, readAll } from '../../../../test/contract/file-place.ts';
import { s3OrSkip } from '../../../../test/support/s3-server.ts';
import { faultOfBucket } from './bucket-options.ts';
import type { BucketPlaceOptions } from './bucket-options.ts';
import { createBucketPlace } from './bucket-place.ts';
import type { FilePlace } from '../file-place.ts';

const s3 = await s3OrSkip();
afterAll(() => s3?.stop());
const rules = { allowPrivate: true };
const CREDENTIALS = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' };

function open(
  options: Omit<BucketPlaceOptions, 'rules' | 'region'> & Partial<BucketPlaceOptions>,
): FilePlace {
  const place = createBucketPlace({ region: 'us-east-1', rules, ...options });
  onTestFinished(() => place.close());
  return place;
}

describe.runIf(s3 !== undefined)('a bucket of a real store', () => {
  if (s3 === undefined) return;
  const { client: admin, credentials, endpoint } = s3;

  filePlaceSuite(async () => {
    const bucket = await s3.makeBucket();
    return {
      place: open({ endpoint, credentials, bucket, prefix: 'of acme/audit/', partBytes: 5 * 1024 * 1024 }),
      async fill(names) {
        const waiting = [...names];
        const putNext = async (): Promise<void> => {
          for (let name = waiting.pop(); name !== undefined; name = waiting.pop())
            await admin.send(
              new PutObjectCommand({ Bucket: bucket, Key: `of acme/audit/${name}`, Body: 'x' }),
            );
        };
        await Promise.all(Array.from({ length: 8 }, putNext));
      },
      async leftovers() {
        const { Uploads = [] } = await admin.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
        return Uploads.map(({ Key = '' }) => Key);
      },
    };
  });

  test('metadata that others gave an object is told', async () => {
    const bucket = await s3.makeBucket();
    const Metadata = { signature: '0123abcd', 'signature-algorithm': 'SHA256withRSA' };
    await admin.send(
      new PutObjectCommand({ Bucket: bucket, Key: 'AWSLogs/digest.json.gz', Body: 'x', Metadata }),
    );
    expect(await open({ endpoint, credentials, bucket }).stat('AWSLogs/digest.json.gz')).toMatchObject({
      bytes: 1,
      metadata: Metadata,
    });
  });

  test('a place sees what is below its prefix alone, and says what it cannot name', async () => {
    const bucket = await s3.makeBucket();
    for (const Key of ['a/one', 'a/.hidden', 'ab/other', 'b'])
      await admin.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' }));
    const place = open({ endpoint, credentials, bucket, prefix: 'a/' });
    const leftOut: string[] = [];
    expect(await namesOf(place, { leftOut: (name) => leftOut.push(name) })).toEqual(['one']);
    expect(leftOut).toEqual(['.hidden']);
    await place.remove('one');
    expect(await namesOf(open({ endpoint, credentials, bucket }))).toEqual(['ab/other', 'b']);
  });

  test('wrong credentials and a missing bucket are said to be so, by each request', async () => {
    const bucket = await s3.makeBucket();
    const { accessKeyId, secretAccessKey } = credentials;
    const wrong = [
      ['credentials', open({ endpoint, bucket, credentials: { accessKeyId, secretAccessKey: 'wrong' } })],
      ['credentials', open({ endpoint, bucket, credentials: { accessKeyId: 'nobody', secretAccessKey } })],
      ['no-place', open({ endpoint, credentials, bucket: 'there-is-none' })],
    ] as const;
    for (const [fault, place] of wrong) {
      const expected = { fault, retryable: false, message: expect.not.stringContaining(secretAccessKey) };
      await expect(place.check()).rejects.toMatchObject(expected);
      await expect(place.check({ write: true })).rejects.toMatchObject(expected);
      await expect(place.put('a', [Buffer.alloc(11 * 1024 * 1024)])).rejects.toMatchObject(expected);
      await expect(readAll(place, 'a')).rejects.toMatchObject(expected);
      await expect(place.stat('a')).rejects.toMatchObject(expected);
      // Removing what is not there is nothing, to this store also where there is no bucket.
      if (fault === 'credentials') await expect(place.remove('a')).rejects.toMatchObject(expected);
    }
  });
});

describe('a bucket that', () => {
  async function serve(
    listener: RequestListener,
  ): Promise<{ readonly endpoint: string; readonly asked: string[] }> {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.range ?? ''}`);
      request.resume();
      listener(request, response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    const address = server.address();
    return { endpoint: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, asked };
  }
  const opened = (endpoint: string, options: Partial<BucketPlaceOptions> = {}): FilePlace =>
    open({ endpoint, bucket: 'audit', credentials: CREDENTIALS, ...options });
  const xml = (code: string): string =>
    `<?xml version="1.0"?><Error><Code>${code}</Code><Message>as it is</Message></Error>`;

  const uploadOf = (id: string): string =>
    `<?xml version="1.0"?><InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`;

  test.each([
    ['AccessDenied', 403, 'denied'],
    ['ExpiredToken', 400, 'credentials'],
    ['PermanentRedirect', 301, 'place'],
    ['EntityTooLarge', 400, 'too-large'],
    ['QuotaExceeded', 403, 'full'],
    ['SomethingNew', 400, 'failed'],
    ['SomethingNew', 500, 'busy'],
  ])('answers %s (%i) has the fault %s', async (code, status, fault) => {
    const { endpoint, asked } = await serve((_, response) => {
      response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end(xml(code));
    });
    await expect(opened(endpoint, { attempts: 1 }).check()).rejects.toMatchObject({ fault });
    expect(asked).toHaveLength(1);
  });

  test('fails in passing is asked again', async () => {
    let left = 2;
    const { endpoint, asked } = await serve((request, response) => {
      left -= 1;
      if (left === 1) request.socket.destroy();
      else if (left === 0) response.writeHead(503).end(xml('SlowDown'));
      else response.writeHead(200, { etag: '"1"' }).end();
    });
    await opened(endpoint).put('a', [Buffer.from('x')]);
    expect(asked).toHaveLength(3);
  });

  const PART = Buffer.alloc(1 << 20);
  async function* endless(): AsyncGenerator<Buffer> {
    for (;;) yield PART;
  }

  test('fails in the middle of a large file is told of, and takes back what it has', async () => {
    const { endpoint, asked } = await serve((request, response) => {
      if (request.method === 'DELETE') response.writeHead(204).end();
      else if (request.method === 'POST') response.end(uploadOf('u'));
      else if (request.url?.includes('partNumber=3') === true) response.writeHead(507).end(xml('Full'));
      else response.writeHead(200, { etag: '"1"' }).end();
    });
    await expect(opened(endpoint, { attempts: 1 }).put('a', endless())).rejects.toMatchObject({
      fault: 'full',
    });
    expect(asked.at(-1)).toMatch(/^DELETE .*uploadId=u/);
  });

  test('says it took a large file and does not say which is not believed', async () => {
    const { endpoint } = await serve((request, response) => {
      if (request.method === 'POST') response.end(uploadOf('u'));
      else response.writeHead(200, { etag: '"1"' }).end();
    });
    const content = Array.from({ length: 9 }, () => PART);
    await expect(opened(endpoint).put('a', content)).rejects.toMatchObject({
      fault: 'busy',
      retryable: true,
    });
  });

  test('breaks off a file is read on from there, of the same content only', async () => {
    const content = Buffer.from('0123456789');
    let etag = '"1"';
    const { endpoint, asked } = await serve((request, response) => {
      const from = Number(/bytes=(\d+)/.exec(request.headers.range ?? '')?.[1] ?? 0);
      const wanted = request.headers['if-match'];
      if (wanted !== undefined && wanted !== etag) {
        response.writeHead(412).end(xml('PreconditionFailed'));
        return;
      }
      response.writeHead(from === 0 ? 200 : 206, {
        etag,
        'content-length': content.length - from,
        ...(from === 0 ? {} : { 'content-range': `bytes ${from}-9/10` }),
      });
      response.write(content.subarray(from, from + 4), () => setTimeout(() => response.destroy(), 20));
      if (from >= 6) response.end(content.subarray(from + 4));
    });
    expect((await readAll(opened(endpoint), 'a')).toString()).toBe('0123456789');
    expect(asked.map((one) => one.split(' ').at(-1))).toEqual(['', 'bytes=4-9', 'bytes=8-9']);
    const changing = (async () => {
      for await (const _ of opened(endpoint).read('a')) etag = '"2"';
    })();
    await expect(changing).rejects.toMatchObject({ fault: 'changed', retryable: true });
  });

  test('does not know ranges is not believed', async () => {
    const { endpoint } = await serve(
      (_, response) => void response.writeHead(200, { etag: '"1"' }).end('0123456789'),
    );
    await expect(readAll(opened(endpoint), 'a', { from: 2 })).rejects.toMatchObject({ fault: 'failed' });
  });

  test('answers without an end does not fill the memory', async () => {
    const { endpoint } = await serve((_, response) => {
      response.writeHead(200);
      const more = (): void => void (response.destroyed || response.write(Buffer.alloc(1 << 20, 'x'), more));
      more();
    });
    await expect(opened(endpoint, { attempts: 1 }).check()).rejects.toMatchObject({ fault: 'failed' });
  });

  test('says nothing, or is not there, is unreachable', async () => {
    const { endpoint } = await serve(() => undefined);
    const quiet = opened(endpoint, { attempts: 1, idleTimeoutMs: 300 });
    await expect(quiet.check()).rejects.toMatchObject({ fault: 'unreachable', retryable: true });
    const stop = new AbortController();
    const reason = new Error('stopped');
    setTimeout(() => stop.abort(reason), 100);
    await expect(opened(endpoint).check({ signal: stop.signal })).rejects.toBe(reason);
    const nobody = opened('http://127.0.0.1:1', { attempts: 1 });
    await expect(nobody.check()).rejects.toMatchObject({
      fault: 'unreachable',
      message: expect.stringContaining('127.0.0.1:1'),
    });
  });

  test('leads into the network of the pipeline is never connected to', async () => {
    const { endpoint, asked } = await serve((_, response) => void response.end());
    const { port } = new URL(endpoint);
    const strict = { allowPrivate: false, allowedBy: 'A_SETTING' };
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '169.254.169.254', 's3.example'])
      expect(() => opened(`http://${host}:${port}`, { rules: strict })).toThrow(
        expect.objectContaining({ fault: 'place', message: expect.stringMatching(/A_SETTING|metadata/) }),
      );
    const resolve: BucketPlaceOptions['resolve'] = (_name, _options, done) =>
      done(null, [{ address: '127.0.0.1', family: 4 }]);
    await expect(
      opened(`https://s3.example:${port}`, { rules: strict, resolve }).check(),
    ).rejects.toMatchObject({ fault: 'refused', retryable: false });
    await expect(
      open({
        bucket: 'audit',
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
        rules: strict,
        resolve,
      }).check(),
    ).rejects.toMatchObject({ fault: 'refused' });
    expect(asked).toEqual([]);
  });
});

test.each([
  ['bucket', { bucket: 'arn:aws:s3:::b' }],
  ['bucket', { bucket: 'UPPER' }],
  ['bucket', { bucket: 'a' }],
  ['bucket', { bucket: '10.0.0.1' }],
  ['bucket', { bucket: 'a/b' }],
  ['region', { region: 'eu.evil.example/' }],
  ['endpoint', { endpoint: 'https://user:pass@s3.example' }],
  ['endpoint', { endpoint: 'https://s3.example/path' }],
  ['endpoint', { endpoint: 'ftp://s3.example' }],
  ['prefix', { prefix: 'a' }],
  ['prefix', { prefix: '../' }],
  ['credentials', { credentials: { accessKeyId: 'a b', secretAccessKey: 'c' } }],
  ['credentials', { credentials: { accessKeyId: '', secretAccessKey: 'c' } }],
  ['partBytes', { partBytes: 1000 }],
] as const)('a %s that is wrong is named: %j', (member, wrong) => {
  const right: BucketPlaceOptions = {
    bucket: 'audit.logs-1',
    region: 'eu-central-1',
    rules,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  };
  expect(faultOfBucket(right)).toBeUndefined();
  expect(faultOfBucket({ ...right, ...wrong })).toMatchObject({
    member,
    message: expect.stringMatching(/\.$/),
  });
});
