/** How senders prove themselves: keys by HTTP Basic, certificates, or not at all. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { decodeReceived } from '../records/received-record.ts';
import {
  addKey,
  certify,
  exportMessage,
  exportRequest,
  nextAnswer,
  send,
  startListener,
} from './listener.test-support.ts';
import type { Answer } from './listener.test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'cadf-wbem-tls-'));
const file = (name: string): string => join(folder, name);
const TLS = {
  CADF_WBEM_TLS_CERT: file('server.crt'),
  CADF_WBEM_TLS_KEY: file('server.key'),
  CADF_WBEM_TLS_CLIENT_CA: file('cimom.crt'),
};

beforeAll(() => {
  certify(folder, 'server', '-addext', 'subjectAltName=IP:127.0.0.1');
  certify(folder, 'cimom', '-addext', 'subjectAltName=DNS:hypervisor7.example');
  certify(folder, 'stranger');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function sendTls(port: number, request: Buffer, client?: string): Promise<Answer> {
  const options: ConnectionOptions = { host: '127.0.0.1', port, ca: readFileSync(file('server.crt')) };
  const own =
    client === undefined
      ? {}
      : { cert: readFileSync(file(`${client}.crt`)), key: readFileSync(file(`${client}.key`)) };
  const socket = connectTls({ ...options, ...own });
  socket.write(request);
  return nextAnswer(socket).finally(() => socket.destroy());
}

const body = exportMessage('1');
const basic = (text: string): { Authorization: string } => ({
  Authorization: `Basic ${Buffer.from(text).toString('base64')}`,
});

test('without a credential, or with a wrong one, the sender is asked for one and nothing is kept', async () => {
  const { port, token, records } = await startListener();
  const wrong = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
  for (const headers of [
    {},
    basic(`cim:${wrong}`),
    basic('cim'),
    { Authorization: 'Digest x' },
    { Authorization: `Basic ${'A'.repeat(9000)}` },
  ]) {
    const answer = await send(port, exportRequest({ headers, body }));
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Basic realm="cadf-pipeline", charset="UTF-8"');
  }
  expect(await records()).toEqual([]);
});

test('a key needs the role submit, and ends when it is revoked', async () => {
  const { port, state } = await startListener();
  const reader = await addKey(state, 'reader', ['query'], '*');
  expect((await send(port, exportRequest({ token: reader, body }))).status).toBe(403);
  const token = await addKey(state, 'short', ['submit'], '*');
  expect((await send(port, exportRequest({ token, body }))).status).toBe(200);
  const { entity, version } = state.get('key', 'short')!;
  await state.change(
    'key',
    'short',
    { ...entity, revoked: '2026-01-02T00:00:00Z' },
    { by: 'test', ifVersion: version },
  );
  expect((await send(port, exportRequest({ token, body }))).status).toBe(401);
});

test('a key may send for the sources it may submit as, and is told an access error for others', async () => {
  const { port, state, records } = await startListener({ CADF_WBEM_SOURCE: 'mixed' });
  const own = await addKey(state, 'own', ['submit'], ['t1']);
  const foreign = await addKey(state, 'foreign', ['submit'], ['t2']);
  const bound = await addKey(state, 'bound', ['submit'], '*', 'mixed');
  const to = async (path: string, token: string): Promise<string> =>
    (await send(port, exportRequest({ path, token, body }))).body;
  expect(await to('/hypervisors-a', own)).toContain('"ExportIndication"/>');
  expect(await to('/hypervisors-a', foreign)).toContain('<ERROR CODE="2"');
  expect(await to('/hypervisors-a', bound)).toContain('<ERROR CODE="2"');
  expect(await to('/mixed', bound)).toContain('"ExportIndication"/>');
  expect(await to('/cadf-pipeline', own)).toContain('<ERROR CODE="2"');
  expect(await records()).toHaveLength(2);
});

test('without a default source, / is that of a key that is bound to one', async () => {
  const { port, state, token, records } = await startListener({ CADF_WBEM_SOURCE: '' });
  const bound = await addKey(state, 'bound', ['submit'], '*', 'mixed');
  expect((await send(port, exportRequest({ token: bound, body }))).body).toContain('"ExportIndication"/>');
  expect((await send(port, exportRequest({ token, body }))).body).toContain('set CADF_WBEM_SOURCE');
  expect((await records()).map(({ headers }) => headers['cadf-source'])).toEqual(['mixed']);
});

test('a certificate of the authority proves a sender; its name and machine stand at the record', async () => {
  const { port, records } = await startListener(TLS);
  expect((await sendTls(port, exportRequest({ body }), 'cimom')).status).toBe(200);
  expect((await sendTls(port, exportRequest({ body }), 'stranger')).status).toBe(401);
  expect((await sendTls(port, exportRequest({ body }))).status).toBe(401);
  const kept = await records();
  expect(kept).toHaveLength(1);
  expect(decodeReceived(kept[0]!)).toMatchObject({
    submitter: 'certificate cimom',
    record: { envelope: { host: 'hypervisor7.example' } },
  });
});

test('a password counts over TLS too, and a wrong one is not made good by a certificate', async () => {
  const { port, token } = await startListener(TLS);
  expect((await sendTls(port, exportRequest({ token, body }))).status).toBe(200);
  expect((await sendTls(port, exportRequest({ headers: basic('cim:wrong'), body }), 'cimom')).status).toBe(
    401,
  );
});

test('where only certificates count there is no connection without one', async () => {
  const { port, records } = await startListener({ ...TLS, CADF_WBEM_AUTH: 'certificate' });
  expect((await sendTls(port, exportRequest({ body }), 'cimom')).status).toBe(200);
  expect((await sendTls(port, exportRequest({ body }), 'stranger')).status).toBe(0);
  expect((await sendTls(port, exportRequest({ body }))).status).toBe(0);
  expect((await send(port, exportRequest({ body }))).status).toBe(0);
  expect(await records()).toHaveLength(1);
});

test('M-POST works over TLS', async () => {
  const { port } = await startListener({ ...TLS, CADF_WBEM_AUTH: 'certificate' });
  const headers = {
    Man: '"http://www.dmtf.org/cim/mapping/http/v1.0"; ns=40',
    '40-CIMExport': 'MethodRequest',
    '40-CIMExportMethod': 'ExportIndication',
  };
  const answer = await sendTls(port, exportRequest({ method: 'M-POST', headers, body }), 'cimom');
  expect(answer.headers.get('40-cimexport')).toBe('MethodResponse');
});

test('a source that lists certificates takes indications of those only', async () => {
  const { port, state, records } = await startListener(TLS);
  const list = async (certificates: unknown): Promise<string> => {
    const { entity, version } = state.get('source', 'mixed')!;
    await state.change(
      'source',
      'mixed',
      { ...entity, settings: { certificates } },
      { by: 'test', ifVersion: version },
    );
    return (await sendTls(port, exportRequest({ path: '/mixed', body }), 'cimom')).body;
  };
  expect(await list('other, cimom')).toContain('"ExportIndication"/>');
  for (const none of ['other', '', 7]) expect(await list(none)).toContain('<ERROR CODE="2"');
  expect(await records()).toHaveLength(1);
});

test('what is no TLS, or stops within its handshake, is cut off and answered nothing', async () => {
  const { port, metrics } = await startListener({ ...TLS, CADF_WBEM_TIMEOUT: '300ms' });
  for (const bytes of ['', 'hello there, this is no TLS at all\r\n\r\n', '\u0016\u0003\u0001']) {
    const socket = connect({ host: '127.0.0.1', port });
    const answer = nextAnswer(socket);
    socket.write(bytes);
    expect(await answer).toMatchObject({ status: 0 });
  }
  const silent = connectTls({ host: '127.0.0.1', port, ca: readFileSync(file('server.crt')) });
  expect(await nextAnswer(silent)).toMatchObject({ status: 0 });
  await vi.waitFor(async () => expect(await metrics()).toContain('cadf_wbem_connections 0'));
  expect(await metrics()).not.toContain('cadf_wbem_requests_total{');
});
