/** `cadf federation` as a process, against a real server that answers as the service does. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { writeInvitation } from '@cadf-pipeline/federation';
import { expect, onTestFinished, test } from 'vitest';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const invitation = writeInvitation({
  v: 1,
  url: 'https://audit.provider.example',
  feed: 'acme-audit',
  issuer: 'urn:uuid:0e8f9a52-6a0c-4a56-8f0e-4d539a550d1f',
  keys: ['kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'],
  secret: 'A'.repeat(43),
  expires: '2026-11-02T12:00:00.000Z',
});

interface Asked {
  readonly route: string;
  readonly body: unknown;
}

/** Answers by route, such as `POST /cadf/v1/imports`; 404 for others. */
async function serve(answers: Readonly<Record<string, object>>, asked: Asked[] = []): Promise<string> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const route = `${request.method} ${request.url}`;
      const text = Buffer.concat(parts).toString();
      asked.push({ route, body: text === '' ? undefined : (JSON.parse(text) as unknown) });
      const answer = answers[route] ?? { code: 'NOT_FOUND', title: 'There is nothing here', status: 404 };
      const status = 'status' in answer && typeof answer.status === 'number' ? answer.status : 200;
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function federation(
  commandLine: readonly string[],
  { stdin = '', url = 'http://127.0.0.1:1' }: { stdin?: string; url?: string } = {},
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [main, 'federation', ...commandLine], {
    env: { CADF_KEY: 'k', CADF_URL: url },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  child.stdin.on('error', () => undefined).end(stdin);
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, ...output };
}

test('an invitation is written alone, and asked for with where the recipient reaches the provider', async () => {
  const asked: Asked[] = [];
  const route = 'POST /cadf/v1/feeds/acme-audit/invitations';
  const url = await serve({ [route]: { invitation, id: 'x', expires: '2026-11-02T12:00:00.000Z' } }, asked);
  const at = 'https://audit.provider.example/';
  const run = await federation(['invite', 'acme-audit', '--at', at, '--hours', '2'], { url });
  expect(run).toMatchObject({ status: 0, stdout: `${invitation}\n` });
  expect(asked).toEqual([{ route, body: { url: 'https://audit.provider.example', seconds: 7200 } }]);
});

test('an invitation from standard input becomes an import', async () => {
  const asked: Asked[] = [];
  const url = await serve({ 'POST /cadf/v1/imports': { id: 'provider', prefix: 'provider' } }, asked);
  const options = ['--as', 'provider', '--tenant', 'a', '--tenant', 'b', '--fixed', '--every', '60'];
  const run = await federation(['accept', '-', ...options], { url, stdin: `${invitation}\n` });
  expect(run.stderr).toBe('');
  expect(run.status).toBe(0);
  expect(run.stdout).toContain('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  expect(run.stdout).not.toContain('A'.repeat(43));
  expect(asked.at(-1)?.body).toEqual({
    id: 'provider',
    tenants: ['a', 'b'],
    routing: 'fixed',
    everySeconds: 60,
    from: { type: 'feed', invitation },
  });
});

test('what the key may see is listed, with what is waited for, and nothing that a terminal obeys', async () => {
  const url = await serve({
    'GET /cadf/v1/feeds': { code: 'FORBIDDEN_ROLE', title: 'No', status: 403 },
    'GET /cadf/v1/imports': {
      items: [
        {
          id: 'provider',
          from: { type: 'feed', url: 'https://audit.provider.example', feed: 'acme\u009B31m' },
          status: {
            state: 'stopped',
            sequence: 3,
            head: 9,
            counts: { events: 12, accepted: 11, duplicates: 0, deadLettered: 1, loops: 0 },
            fault: { code: 'key-unknown', at: '2026-11-02T12:00:00.000Z' },
          },
        },
        {
          id: 'archive',
          from: { type: 'upload' },
          status: {
            state: 'active',
            counts: { events: 0, accepted: 0, duplicates: 0, deadLettered: 0, loops: 0 },
          },
        },
      ],
    },
  });
  const run = await federation(['list'], { url });
  expect(run.status).toBe(0);
  expect(run.stdout).toMatch(
    /^Given:\n {2}\(not to be seen with this key\)\nTaken:\n {2}provider {2}stopped {2}/,
  );
  expect(run.stdout).toContain('segment 3 of 9');
  expect(run.stdout).toContain('key-unknown since 2026-11-02T12:00:00.000Z');
  expect(run.stdout).not.toMatch(/archive|\u009B/);
});

test.each([
  ['no invitation', ['accept', 'cadf-invitation.AAAA'], /not the whole of one/],
  ['nobody answers', ['list'], /CLIENT_UNREACHABLE/],
  ['too long', ['invite', 'f', '--hours', '1000'], /from 1 to 720/],
  ['all events of nobody', ['accept', invitation, '--fixed'], /--fixed needs --tenant/],
])(
  '%s: told, with exit status 2',
  async (_, commandLine, message) => {
    const run = await federation(commandLine);
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(message);
  },
  20_000,
);
