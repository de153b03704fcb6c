import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { defineCommand } from '../commands/verify.ts';
import { runProgram } from '../program.ts';

const vectors = new URL('../../../../docs/federation-vectors/', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'cadf-verify-'));
afterAll(() => rmSync(folder, { recursive: true }));

const KEYS = join(folder, 'keys.json');

const names = readdirSync(vectors).map((name) => name.replace('.json', ''));
const vector = (name: string) => JSON.parse(readFileSync(new URL(`${name}.json`, vectors), 'utf8'));

/** Writes a published vector to a directory of its name. */
function put(name: string, at = join(folder, name)): string {
  const { files, keys } = vector(name);
  mkdirSync(at, { recursive: true });
  for (const [file, { base64, text }] of Object.entries<{ base64?: string; text?: string }>(files)) {
    writeFileSync(join(at, file), base64 === undefined ? (text ?? '') : Buffer.from(base64, 'base64'));
  }
  if (name === 'good') writeFileSync(KEYS, JSON.stringify(keys));
  return at;
}

const good = put('good');
const changed = put('content-changed');

async function verify(
  ...commandLine: readonly string[]
): Promise<{ status: number; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const output = (name: keyof typeof written) => ({
    write: (text: string) => Promise.resolve(void (written[name] += text)),
    flush: () => Promise.resolve(),
  });
  const status = await runProgram(['verify', ...commandLine], [defineCommand], {
    stdin: (async function* () {})(),
    stdout: output('stdout'),
    stderr: output('stderr'),
    isTerminal: false,
    color: false,
    interruption: () => new AbortController().signal,
  });
  return { status, ...written };
}

test('answers 0 for a good chain, by each form of its keys', async () => {
  const { status, stdout } = await verify(good, '--key', KEYS);
  expect(stdout).toContain('good: 4 segments, 5 files, 15 events; up to segment 4 of urn:uuid:');
  expect(stdout).toContain('1 chain, 1 good, 0 with a fault, 15 events\n');
  expect(status).toBe(0);
  const { keys } = JSON.parse(readFileSync(KEYS, 'utf8'));
  writeFileSync(
    join(folder, 'set.json'),
    JSON.stringify({ keys: [...keys, { kty: 'RSA', n: 'x', e: 'AQAB' }] }),
  );
  expect(await verify(good, '--quiet', '--key', join(folder, 'set.json'))).toEqual({
    status: 0,
    stdout: '',
    stderr: '',
  });
});

test('one key, as JWK or PEM, verifies what it signed', async () => {
  const of = put('good-export');
  const jwk = JSON.parse(readFileSync(KEYS, 'utf8')).keys[1];
  writeFileSync(join(folder, 'jwk.json'), JSON.stringify(jwk));
  expect((await verify(of, '--key', join(folder, 'jwk.json'))).stdout).toContain('complete with segment 1');
  const spki = Buffer.concat([
    Buffer.from('302a300506032b6570032100', 'hex'),
    Buffer.from(jwk.x, 'base64url'),
  ]);
  const pem = `-----BEGIN PUBLIC KEY-----\n${spki.toString('base64')}\n-----END PUBLIC KEY-----\n`;
  writeFileSync(join(folder, 'key.pem'), pem);
  expect((await verify(of, '--key', join(folder, 'key.pem'))).status).toBe(0);
});

test('answers 1 for a fault, and says where it is', async () => {
  const { status, stdout } = await verify(changed, '--key', KEYS);
  expect(stdout).toContain(
    'fault content-changed in segment 1, 000000000001.events-0001.ndjson, lines 3 to 4: Its bytes are not those that were signed.\n  expected ',
  );
  expect(status).toBe(1);
});

test.each(names)('gives for the vector %s what it states', async (name) => {
  const { chain, fault, keys, published, remembered, withheld } = vector(name);
  const at = put(name, join(folder, 'each', name));
  const file = (what: string, text: string): string => {
    writeFileSync(join(folder, `${name}.${what}`), text);
    return join(folder, `${name}.${what}`);
  };
  const { status, stdout } = await verify(
    at,
    '--format',
    'json',
    '--key',
    file('keys', JSON.stringify(keys)),
    ...(published === undefined ? [] : ['--rotations', file('published', JSON.stringify(published))]),
    ...(chain === undefined ? [] : ['--chain', chain]),
    ...(remembered === undefined ? [] : ['--from-head', file('head', remembered)]),
  );
  const [report] = stdout.split('\n', 1).map((line) => JSON.parse(line));
  const { code, file: where, lines, sequence } = report.fault ?? {};
  expect(report.fault === undefined ? null : { code, sequence, file: where, lines }).toEqual(
    fault === null ? null : { lines: undefined, sequence: undefined, ...fault },
  );
  expect(status).toBe(fault === null ? 0 : 1);
  if (fault === null) expect(report.withheld).toBe(withheld ?? 0);
});

test('folders of chains are verified one by one, also one that lost its head and manifests', async () => {
  const many = join(folder, 'many');
  put('good', join(many, 'feeds', 'a'));
  put('truncated', join(many, 'feeds', 'b'));
  const bare = put('good', join(many, 'feeds', 'c'));
  for (const file of readdirSync(bare)) if (/head|manifest/.test(file)) rmSync(join(bare, file));
  const { status, stdout } = await verify(many, '--key', KEYS, '--format', 'json');
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { type: 'chain', place: `${many}/feeds/a`, good: true, events: 15, point: { sequence: 4 } },
    { type: 'chain', good: false, fault: { code: 'truncated', sequence: 3 } },
    { type: 'chain', good: false, fault: { code: 'head-missing' } },
    { type: 'summary', chains: 3, good: 1 },
  ]);
  expect(status).toBe(1);
});

test('a saved head finds a chain that was cut and signed anew', async () => {
  const head = join(folder, 'remembered.jws');
  expect((await verify(good, '--key', KEYS, '--save-head', head)).status).toBe(0);
  expect((await verify(good, '--key', KEYS, '--from-head', head, '--only-new')).stdout).toContain(
    '0 segments',
  );
  const rewound = await verify(put('rewound'), '--key', KEYS, '--from-head', head);
  expect(rewound.stdout).toContain('fault rewound');
  expect(rewound.status).toBe(1);
});

test('a URL is verified by what is below it, with the API key that was given', async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers.authorization);
    const name = /^\/feeds\/f1\/([\w.-]+)\?a=1$/.exec(request.url ?? '')?.[1];
    if (name === undefined) return void response.writeHead(302, { location: '/feeds/f1/head.jws?a=1' }).end();
    const files: readonly string[] = readdirSync(good);
    if (files.includes(name)) response.end(readFileSync(join(good, name)));
    else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFileSync(join(folder, 'api-key'), 'secret\n');
  const { status, stdout } = await verify(
    `${url}/feeds/f1/?a=1`,
    '--key',
    KEYS,
    '--api-key-file',
    join(folder, 'api-key'),
  );
  expect(stdout).toContain('good: 4 segments');
  expect(status).toBe(0);
  expect(new Set(asked)).toEqual(new Set(['Bearer secret']));
  const led = await verify(`${url}/elsewhere`, '--key', KEYS);
  expect(led.stderr).toMatch(/head.jws cannot be read: .*redirect/);
  expect(led.status).toBe(2);
});

test.each([
  ['no keys', () => [good], /required option '-k, --key <file>'/],
  ['no file of keys', () => [good, '--key', join(folder, 'none')], /none: there is no such file/],
  [
    'a file without keys',
    () => [good, '--key', join(good, '000000000001.events-0001.ndjson')],
    /neither JSON nor PEM/,
  ],
  ['rotations that are none', () => [good, '--key', KEYS, '--rotations', join(good, 'head.jws')], /no JSON/],
  ['no such place', () => [join(folder, 'nowhere'), '--key', KEYS], /nowhere: there is no such file/],
  ['a head that is none', () => [good, '--key', KEYS, '--from-head', KEYS], /cannot be taken as a head/],
  ['new since nothing', () => [good, '--key', KEYS, '--only-new'], /--only-new needs --from-head/],
  ['several chains', () => [folder, '--key', KEYS, '--save-head', 'x'], /there are several chains/],
])('answers 2: %s', async (_, commandLine, message) => {
  const { status, stderr } = await verify(...commandLine());
  expect(stderr).toMatch(message);
  expect(status).toBe(2);
});
