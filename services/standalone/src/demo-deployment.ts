/** A deployment of the federation demo: the standalone process over HTTPS, and commands that are run against it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface DemoDeployment {
  readonly name: string;
  readonly url: string;
  readonly key: string;
  /** Answers JSON; throws for what is not 2xx. */
  ask(method: string, path: string, body?: object): Promise<unknown>;
  /** Sends events; answers when they are durable. */
  submit(source: string, events: readonly object[]): Promise<void>;
  stop(): Promise<void>;
}

export interface DemoDeploymentOptions {
  readonly name: string;
  readonly dataDir: string;
  readonly key: string;
  readonly certificate: { readonly cert: string; readonly key: string; readonly ca: string };
  /** Of this process; settings in it count. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

const MAIN = resolve(import.meta.dirname, 'main.ts');
const CADF = resolve(import.meta.dirname, '../../../packages/cli/bin/cadf.js');
const CERTIFY = resolve(import.meta.dirname, '../../../test/support/certify.ts');
const READY_WITHIN_MS = 60_000;

/** Of this machine, for this run: `ca.pem` and `<name>.pem`, `<name>.key` in the directory. */
export async function makeCertificates(directory: string, names: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [CERTIFY, directory, ...names], { stdio: 'inherit' });
  const [status]: unknown[] = await once(child, 'exit');
  if (status !== 0) throw new Error('No certificates could be made');
}

/** Resolves when it is ready. The certificate of the authority must be trusted by this process already. */
export async function startDemoDeployment(options: DemoDeploymentOptions): Promise<DemoDeployment> {
  const { certificate, dataDir, env, key, name } = options;
  const child = spawn(process.execPath, [MAIN], {
    env: {
      CADF_LOG_LEVEL: 'warn',
      ...env,
      CADF_DATA_DIR: dataDir,
      CADF_HTTP_PORT: '0',
      CADF_BOOTSTRAP_KEY: key,
      CADF_TLS_CERT: certificate.cert,
      CADF_TLS_KEY: certificate.key,
      CADF_FEDERATION_CA_FILE: certificate.ca,
      // Both are on this machine.
      CADF_FEDERATION_ALLOW_PRIVATE: 'true',
    },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const ended = once(child, 'exit');
  // A demo that fails leaves nothing behind.
  process.once('exit', () => child.kill('SIGKILL'));
  const url = await Promise.race([addressIn(child.stderr), ended.then(() => undefined)]);
  if (url === undefined) throw new Error(`The ${name} did not start`);

  async function send(
    method: string,
    path: string,
    type: string | undefined,
    body?: string,
  ): Promise<unknown> {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(type === undefined ? {} : { 'content-type': type }) },
      ...(body === undefined ? {} : { body }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  }

  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await fetch(`${url}/readyz`)).ok) {
    if (Date.now() > deadline) throw new Error(`The ${name} is not ready`);
    await sleep(100);
  }
  return {
    name,
    url,
    key,
    ask: (method, path, body) =>
      body === undefined
        ? send(method, path, undefined)
        : send(method, path, 'application/json', JSON.stringify(body)),
    async submit(source, events) {
      const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('');
      await send('POST', `/cadf/v1/events?source=${source}`, 'application/x-ndjson', lines);
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Runs `cadf`; answers what it writes. Throws where it fails, unless failing is `expected`. */
export async function cadf(
  commandLine: readonly string[],
  {
    at,
    ca,
    expected = 0,
    stdin = '',
  }: { at?: DemoDeployment; ca: string; expected?: number; stdin?: string },
): Promise<string> {
  const child = spawn(process.execPath, [CADF, ...commandLine], {
    env: {
      NODE_EXTRA_CA_CERTS: ca,
      ...(at === undefined ? {} : { CADF_URL: at.url, CADF_KEY: at.key }),
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stdin.end(stdin);
  const [status]: unknown[] = await once(child, 'close');
  if (status !== expected) throw new Error(`cadf ${commandLine.join(' ')} ended with ${String(status)}`);
  return output.trimEnd();
}

/** What it says of itself at its start; what else it says goes on to standard error. */
async function addressIn(stderr: NodeJS.ReadableStream): Promise<string | undefined> {
  let said = '';
  return new Promise((found) => {
    stderr.on('data', (part: Buffer) => {
      if (said === '*') return void process.stderr.write(part);
      said += part.toString();
      const url = /listening on (https:\/\/\S+)/.exec(said)?.[1];
      if (url === undefined) return;
      said = '*';
      found(url);
    });
    stderr.on('end', () => {
      process.stderr.write(said === '*' ? '' : said);
      found(undefined);
    });
  });
}
