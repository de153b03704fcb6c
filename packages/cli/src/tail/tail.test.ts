/** `cadf tail` as a process, against a real server that speaks as the stream of the service does. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function stream(request: IncomingMessage, response: ServerResponse): void {
  const last = Number(request.headers['last-event-id']?.slice(1) ?? 0);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(': hello\n\n');
  for (let at = last + 1; at <= last + 2; at++) {
    response.write(`id: c${at}\ndata: {"id":"e${at}",\ndata:  "outcome":"failure","action":"read"}\n\n`);
  }
  if (last === 0) response.end();
}

/** Runs until `until` is in its output, then interrupts it, twice as a terminal and a launcher may. */
async function tail(
  commandLine: readonly string[],
  { until, env = {} }: { until?: string; env?: Record<string, string> } = {},
): Promise<{ status: number | null; signal: string | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [main, 'tail', ...commandLine], { env: { CADF_KEY: 'k', ...env } });
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = { stdout: '', stderr: '' };
  const hear = (name: 'stdout' | 'stderr') => (text: string) => {
    const before = output[name];
    output[name] += text;
    if (until === undefined || before.includes(until) || !output[name].includes(until)) return;
    child.kill('SIGINT');
    // At once: a process that has ended hears nothing any more, and dies of the signal.
    child.kill('SIGINT');
  };
  child.stdout.setEncoding('utf8').on('data', hear('stdout'));
  child.stderr.setEncoding('utf8').on('data', hear('stderr'));
  const [status, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { status, signal, ...output };
}

describe('cadf tail', () => {
  test('shows events on both sides of a break, and says where to go on when it is interrupted', async () => {
    const asked: string[] = [];
    const url = await serve((request, response) => {
      asked.push(`${request.url} ${request.headers.authorization}`);
      stream(request, response);
    });
    const done = await tail(['--url', url, '-f', "outcome = 'failure'", '--json'], { until: '"e4"' });
    const ids = done.stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: string }).id);
    expect(ids).toEqual(['e1', 'e2', 'e3', 'e4']);
    expect(done).toMatchObject({ status: 0, signal: null });
    expect(done.stderr).toMatch(/ended the stream\. Trying again in .+ s\.\n.*go on with --cursor c4\n$/);
    const path = '/cadf/v1/events/stream?filter=outcome+%3D+%27failure%27 Bearer k';
    expect(asked).toEqual([path, path]);
  });

  test('shows lines for people, without colours where nobody looks', async () => {
    const url = await serve(stream);
    const file = join(mkdtempSync(join(tmpdir(), 'cadf-tail-')), 'key');
    onTestFinished(() => rmSync(join(file, '..'), { recursive: true }));
    writeFileSync(file, 'from-a-file\n');
    const { stdout } = await tail(['--key-file', file], { until: '[-]', env: { CADF_URL: url } });
    expect(stdout.split('\n')[0]).toBe('-  failure  read  -  → -  [-]');
  });

  test('sends no control character of an event to a terminal as JSON either, and changes no value', async () => {
    const event = { id: 'e1', 'k\u009Bey': 'a\u009B31m\u007F\u202E\u2028é😀', list: [1] };
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const lines = JSON.stringify(event, null, '\t').split('\n');
      response.write(`id: c1\n${lines.map((line) => `data: ${line}\n`).join('')}\n`);
    });
    const { stdout } = await tail(['--url', url, '--json'], { until: '}' });
    const line = stdout.trimEnd();
    expect(line).not.toMatch(/[\p{Cc}\u202e\u2028]/u);
    expect(line).toContain('é😀');
    expect(JSON.parse(line)).toEqual(event);
  });

  test('says what the service refuses, and where the filter is wrong', async () => {
    const url = await serve((_, response) => {
      response.writeHead(400, { 'content-type': 'application/problem+json' });
      const detail = "Column 5: close it.\nx = 'a\n    ^";
      response.end(
        JSON.stringify({ code: 'QUERY_FILTER_INVALID', status: 400, detail, hint: 'See \u001B[2J.' }),
      );
    });
    const { status, stdout, stderr } = await tail(['--url', url, '-f', "x = 'a"]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toBe(
      "cadf tail: QUERY_FILTER_INVALID: Column 5: close it.\nx = 'a\n    ^\nSee \\u001b[2J.\n",
    );
  });

  test('ends quietly when whoever reads the output goes away', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      let place = 0;
      const timer = setInterval(() => response.write(`id: c${++place}\ndata: {}\n\n`), 5);
      response.on('close', () => clearInterval(timer));
    });
    const child = spawn(process.execPath, [main, 'tail', '--url', url], { env: { CADF_KEY: 'k' } });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdout.once('data', () => child.stdout.destroy());
    const [status] = (await once(child, 'exit')) as [number | null];
    expect({ status, stderr }).toEqual({ status: 141, stderr: '' });
  });

  test.each([
    [['--url', 'ftp://x'], 'http:// or https://'],
    [['--from', '2026-11-22T00:00:00Z', '--cursor', 'c'], 'cannot be used with'],
    [['--key-file', 'nowhere'], 'there is no such file'],
    [['--key', ''], 'no key'],
  ])('does not begin with %j', async (commandLine, message) => {
    const { status, stderr } = await tail(commandLine);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});
