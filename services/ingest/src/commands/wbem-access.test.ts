/** How `cadf wbem` gets in to CIM servers, and what it says where it does not: TLS, users, addresses, strange answers. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { startCimServer } from '../../../../test/support/cim-server.ts';
import type { CimServer, CimServerOptions } from '../../../../test/support/cim-server.ts';
import { cadf, cadfProcess } from '../wbem-client/run-wbem.test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'cadf-wbem-access-'));
afterAll(() => rmSync(folder, { recursive: true }));
const listener = 'https://cadf.example:5991/kvm-1';
const PASSWORD = 'tall-Paul-sees';
const PASSWORD_FILE = join(folder, 'p');
const file = (name: string): string => join(folder, name);

async function server(options: CimServerOptions = {}): Promise<CimServer> {
  const started = await startCimServer({ classes: { 'root/cimv2': ['CIM_AlertIndication'] }, ...options });
  onTestFinished(() => started.close());
  return started;
}

/** Self-signed, for 127.0.0.1. */
function certified(name: string): { readonly cert: string; readonly key: string } {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2';
  const more = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', [...request.split(' '), '-keyout', key, '-out', cert, ...more], {
    stdio: 'ignore',
    timeout: 20_000,
  });
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
}

test('a server with TLS, users and client certificates is subscribed to, and the password is never shown', async () => {
  const client = certified('client');
  const cim = await server({
    tls: { ...certified('server'), clientCa: client.cert },
    basic: { user: 'admin', password: PASSWORD },
  });
  const access = ['--user', 'admin', '--ca', file('server.crt')];
  access.push('--cert', file('client.crt'), '--key', file('client.key'));
  const run = await cadfProcess(
    { CADF_WBEM_PASSWORD: PASSWORD },
    'subscribe',
    ...access,
    '--for',
    'alerts',
    cim.url,
    listener,
  );
  expect(run.status, run.stderr).toBe(0);
  expect(run.stdout + run.stderr).not.toContain(PASSWORD);
  writeFileSync(join(folder, 'password'), `${PASSWORD}\n`);
  const listed = await cadf('list', ...access, '--password-file', file('password'), cim.url);
  expect(listed.stdout).toContain('alerts/CIM_AlertIndication');

  const wrong = await cadfProcess({ CADF_WBEM_PASSWORD: 'wrong-one' }, 'list', ...access, cim.url);
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toMatch(/^cadf: .* refuses the user \(HTTP 401\)\. Check --user and its password/);
  expect(wrong.stderr).not.toContain('wrong-one');

  const uncertified = await cadf('list', '--ca', file('server.crt'), cim.url);
  expect(uncertified.status).toBe(2);
  expect(uncertified.stderr).toContain('--cert');
});

test('a certificate nobody vouches for is refused unless that is asked for', async () => {
  const cim = await server({ tls: certified('unknown') });
  const refused = await cadf('list', cim.url);
  expect(refused.status).toBe(2);
  expect(refused.stderr).toMatch(/^cadf: No secure connection to 127\.0\.0\.1:.*--ca.*--insecure\.\n$/);
  expect((await cadf('list', '--insecure', cim.url)).status).toBe(0);
});

test('a protocol that is not the port’s is told', async () => {
  const plain = await server();
  const secure = await cadf('list', plain.url.replace('http:', 'https:'));
  expect(secure.status).toBe(2);
  expect(secure.stderr).toContain('The port may be one of plain HTTP');
  const gone = await server();
  await gone.close();
  const unreached = await cadf('list', gone.url);
  expect(unreached.status).toBe(2);
  expect(unreached.stderr).toMatch(/cannot be reached \(.*ECONNREFUSED.*\)\. Check the address and port/);
});

test.each([
  [
    'a password on the command line',
    ['list', '--user', 'u', '--password', 'x', 'localhost'],
    'CADF_WBEM_PASSWORD',
  ],
  ['a user without a password', ['list', '--user', 'u', 'localhost'], '--password-file'],
  [
    'a password over plain HTTP',
    ['list', '--user', 'u', '--password-file', PASSWORD_FILE, 'http://cim.example'],
    '--insecure',
  ],
  ['a password in the URL', ['list', 'https://u:x@cim.example'], '--user'],
  ['a path after the server', ['list', 'https://cim.example/cimom'], 'Leave out /cimom'],
  ['a certificate without key', ['list', '--cert', PASSWORD_FILE, 'localhost'], '--key'],
  [
    'a listener that is no URL',
    ['subscribe', '--for', 'alerts', 'localhost', 'cadf:5990'],
    'http:// or https://',
  ],
  [
    'a password of the listener on the command line',
    ['subscribe', '--for', 'alerts', '--listener-password', 'x', 'localhost', listener],
    'CADF_WBEM_LISTENER_PASSWORD',
  ],
  [
    'a user of the listener without a password',
    ['subscribe', '--for', 'alerts', '--listener-user', 'u', 'localhost', listener],
    '--listener-password-file',
  ],
  ['a query XML cannot carry', ['subscribe', '--query', 'SELECT\u0001', 'localhost', listener], 'XML cannot'],
  ['nothing to subscribe to', ['subscribe', 'localhost', listener], '--for <set> or --query <query>'],
  ['a namespace that is none', ['list', '--interop', '//', 'localhost'], 'root/cimv2'],
  ['a name with a colon', ['unsubscribe', '--name', 'a:b', 'localhost'], '1 to 64 letters'],
])('%s is refused before anything is sent', async (_, commandLine, said) => {
  writeFileSync(PASSWORD_FILE, 'secret-one\n');
  const run = await cadf(...commandLine);
  expect(run.status).toBe(2);
  expect(run.stderr).toContain(said);
  expect(run.stdout + run.stderr).not.toContain('secret-one');
});

test.each([
  ['a web page', { status: 200, body: '<html><body>Hello</body></html>' }, 'is a <html> document'],
  ['something that is no XML', { status: 200, body: 'Hello' }, 'is no XML that can be read'],
  [
    'a document type',
    { status: 200, body: '<!DOCTYPE CIM [<!ENTITY a "b">]><CIM>&a;</CIM>' },
    'is no XML that can be read',
  ],
  ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' }, body: '' }, 'HTTP 302'],
  [
    'a protocol error',
    { status: 400, headers: { CIMError: 'unsupported-operation' }, body: '' },
    'HTTP 400, CIMError unsupported-operation',
  ],
])('%s in place of an answer is told', async (_, answer, said) => {
  const cim = await server({ answer });
  const run = await cadf('list', cim.url);
  expect(run.status).toBe(2);
  expect(run.stderr).toContain(said);
  expect(run.stderr).not.toContain('    at ');
});

test('a server that does not answer is not waited for longer than told', async () => {
  const silent = createServer((socket) => socket.on('error', () => undefined).resume());
  await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
  onTestFinished(() => new Promise<void>((closed) => silent.close(() => closed())));
  const { port } = silent.address() as AddressInfo;
  const run = await cadf('list', '--timeout', '1', `http://127.0.0.1:${port}`);
  expect(run.status).toBe(2);
  expect(run.stderr).toContain('did not answer within 1 s');
});

test('a namespace that is not there is told with one that is', async () => {
  const cim = await server({ interop: 'interop' });
  const run = await cadf('list', '--interop', 'root/PG_InterOp', cim.url);
  expect(run.status).toBe(2);
  expect(run.stderr).toContain('no namespace root/PG_InterOp. It has interop: try --interop interop.');
  expect((await cadf('list', cim.url)).stderr).toContain('0 subscriptions of cadf in interop');
  const elsewhere = await server({ interop: 'root/other' });
  expect((await cadf('list', elsewhere.url)).stderr).toContain('--interop');
});

test('a user who may not subscribe is told so once', async () => {
  const cim = await server({ refuseChanges: { code: 2, description: 'no write access to root/interop' } });
  const run = await cadf('subscribe', '--for', 'all', cim.url, listener);
  expect(run.status).toBe(2);
  expect(run.stderr).toMatch(
    /CreateInstance was refused with CIM_ERR_ACCESS_DENIED: no write access .* This user may not do that/,
  );
  expect(cim.requests.filter(({ method }) => method === 'CreateInstance')).toHaveLength(1);
});

test('what the CIM server shows to the listener goes into the destination, and is shown to nobody', async () => {
  const cim = await server();
  const command = ['subscribe', '--for', 'alerts', '--listener-user', 'k@1', cim.url, listener];
  const env = { CADF_WBEM_LISTENER_PASSWORD: `${PASSWORD}/:` };
  const shown = await cadfProcess(env, ...command, '--dry-run');
  expect(shown.stdout).toContain('<VALUE>https://k%401:…@cadf.example:5991/kvm-1</VALUE>');
  const run = await cadfProcess(env, ...command);
  expect(run.status, run.stderr).toBe(0);
  expect(cim.requests.some(({ body }) => body.includes(`https://k%401:${PASSWORD}%2F%3A@cadf.example`))).toBe(
    true,
  );
  writeFileSync(file('other'), 'other-one\n');
  const other = await cadf(...command, '--listener-password-file', file('other'));
  expect(other.status).toBe(1);
  expect(other.stdout).toContain('it shows another password; --replace changes it');
  const elsewhere = await cadf('subscribe', '--for', 'alerts', cim.url, 'https://elsewhere.example/');
  expect(elsewhere.stdout).toContain('it sends to https://k%401:…@cadf.example:5991/kvm-1; --replace');
  const list = await cadf('list', cim.url);
  expect(list.stdout).toContain('→ https://k%401:…@cadf.example:5991/kvm-1 (');
  for (const { stdout, stderr } of [shown, run, other, elsewhere, list])
    expect(stdout + stderr).not.toMatch(/tall-Paul|other-one/);
});
