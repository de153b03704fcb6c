/**
 * An S3-compatible store for tests: S3Proxy, a server that checks signatures and, here, keeps objects in memory; on a
 * free port of 127.0.0.1, up in some 2 s.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { fetchJars, jarsMissing } from './maven-jars.ts';
import type { JarSet } from './maven-jars.ts';

const S3PROXY: JarSet = {
  name: 's3proxy',
  version: '2.7.0',
  jars: ['org.gaul:s3proxy:2.7.0'],
  // What it would reach other clouds with.
  without: ['com.azure:*', 'io.netty:*', 'com.microsoft.azure:*', 'net.java.dev.jna:*', 'ch.qos.logback:*'],
};
const START_TIMEOUT_MS = 60_000;

export interface TestS3 {
  /** `http://127.0.0.1:<port>`. */
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** With these credentials. */
  readonly client: S3Client;
  /** A new, empty bucket; its name. */
  makeBucket(): Promise<string>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/**
 * Starts it, or answers undefined after saying on stderr what is left out when this machine cannot. With CI=true that is
 * an error, so that nothing is left out unnoticed.
 */
export async function s3OrSkip(): Promise<TestS3 | undefined> {
  const missing = await jarsMissing(S3PROXY);
  if (missing === undefined) return startS3();
  if (process.env['CI'] === 'true') throw new Error(`S3Proxy is needed and cannot be started: ${missing}`);
  process.stderr.write(`left out: every test that needs an S3-compatible store (${missing})\n`);
  return undefined;
}

/** Throws with the server's log when it does not come up. */
export async function startS3(): Promise<TestS3> {
  const libs = await fetchJars(S3PROXY);
  const folder = await mkdtemp(join(tmpdir(), 'cadf-s3-'));
  const endpoint = `http://127.0.0.1:${await freePort()}`;
  const credentials = {
    accessKeyId: `test-${randomBytes(4).toString('hex')}`,
    secretAccessKey: randomBytes(16).toString('hex'),
  };
  const settings = {
    's3proxy.authorization': 'aws-v4',
    's3proxy.endpoint': endpoint,
    's3proxy.identity': credentials.accessKeyId,
    's3proxy.credential': credentials.secretAccessKey,
    // Of its stores the one that knows no folders, as S3 does not.
    'jclouds.provider': 'transient',
    'jclouds.identity': 'unused',
    'jclouds.credential': 'unused',
  };
  const file = join(folder, 's3proxy.conf');
  await writeFile(
    file,
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  const log = join(folder, 'log');
  const output = openSync(log, 'a');
  const server = spawn(
    'java',
    [
      '-Xmx256m',
      '-XX:TieredStopAtLevel=1',
      '-XX:+UseSerialGC',
      '-cp',
      join(libs, '*'),
      'org.gaul.s3proxy.Main',
      '--properties',
      file,
    ],
    { stdio: ['ignore', output, output] },
  );
  // A test process that is ended must not leave a server behind.
  const endWithUs = (): void => void server.kill('SIGKILL');
  process.on('exit', endWithUs);
  const stop = async (): Promise<void> => {
    process.off('exit', endWithUs);
    if (server.exitCode === null && server.signalCode === null) {
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(endpoint))) {
    if (server.exitCode !== null || Date.now() > deadline) {
      const said = await readFile(log, 'utf8');
      await stop();
      throw new Error(`S3Proxy did not start: ${said.slice(-2000)}`);
    }
    await sleep(50);
  }
  const client = new S3Client({
    endpoint,
    credentials,
    region: 'us-east-1',
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  return {
    endpoint,
    credentials,
    client,
    async makeBucket() {
      const bucket = `bucket-${randomBytes(6).toString('hex')}`;
      await client.send(new CreateBucketCommand({ Bucket: bucket }));
      return bucket;
    },
    async stop() {
      client.destroy();
      await stop();
    },
  };
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    await (await fetch(endpoint)).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
