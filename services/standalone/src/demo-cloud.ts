/** A simulated CIMI cloud beside the demo, in a process of its own, and somebody who works with it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

export interface DemoCloud {
  /** Of its CloudEntryPoint. */
  readonly url: string;
  /** What happens there in a day, in some seconds; the last job, of a package's import, is still open. */
  work(): Promise<void>;
  stop(): Promise<void>;
}

const SIMULATOR = resolve(import.meta.dirname, '../../../test/support/cimi/main.ts');
const STEP_MS = 200;
const JOB_WITHIN_MS = 10_000;
const ACTION = 'http://schemas.dmtf.org/cimi/2/action/';
/** Somebody whom the log of accesses names. */
const ADA = `Basic ${Buffer.from('ada:demo').toString('base64')}`;

export async function startDemoCloud(): Promise<DemoCloud> {
  const child = spawn(process.execPath, [SIMULATOR, String(STEP_MS)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const lines = createInterface(child.stdout);
  const said: unknown = await Promise.race([once(lines, 'line'), ended]);
  const url = Array.isArray(said) ? urlIn(said[0]) : undefined;
  if (url === undefined) throw new Error('The simulated cloud did not start');

  /** Answers where what was asked for is made, once its job is over. */
  async function ask(method: string, path: string, body: object): Promise<string> {
    const { job, made } = await order(method, path, body);
    const deadline = Date.now() + JOB_WITHIN_MS;
    while (Date.now() < deadline) {
      const state = textMember(await (await fetch(job)).json(), 'state');
      if (state === 'SUCCESS' || state === 'FAILED') return made;
      await sleep(STEP_MS / 2);
    }
    throw new Error(`${method} ${path}: ${job} has not come to an end`);
  }

  async function order(method: string, path: string, body: object): Promise<{ job: string; made: string }> {
    const response = await fetch(new URL(path, url), {
      method,
      headers: { authorization: ADA, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const job = response.headers.get('cimi-job-uri');
    if (job === null) throw new Error(`${method} ${path}: ${response.status}, no job`);
    return { job, made: response.headers.get('location') ?? path };
  }

  return {
    url,
    async work() {
      const machine = await ask('POST', 'machines', {
        name: 'web-1',
        machineTemplate: { memory: 4_194_304 },
      });
      await ask('POST', machine, { action: `${ACTION}start` });
      await ask('POST', machine, { action: `${ACTION}snapshot` });
      // More memory than a host has.
      const huge = await ask('POST', 'machines', { name: 'huge-1', machineTemplate: { memory: 99_999_999 } });
      await ask('POST', huge, { action: `${ACTION}start` });
      const source = 'https://packages.cloud.example/shop.ova';
      await order('POST', 'systems', { action: `${ACTION}import`, source });
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}

function urlIn(line: unknown): string | undefined {
  return typeof line === 'string' && line.startsWith('{') ? textMember(JSON.parse(line), 'url') : undefined;
}

function textMember(value: unknown, name: string): string | undefined {
  const member: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof member === 'string' ? member : undefined;
}
