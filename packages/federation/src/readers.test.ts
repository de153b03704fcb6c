import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { KEY_ONE, makeChain, writePlace } from './chain.test-support.ts';
import {
  PlaceUnreadable,
  directoryReader,
  httpReader,
  publicKeyOf,
  readBounded,
  trustKeys,
  verifyPlace,
} from './index.ts';

const keys = await trustKeys([publicKeyOf(KEY_ONE)]);
const EVENTS = Array.from({ length: 9000 }, (_, index) => JSON.stringify({ id: `event-${index}`.repeat(9) }));

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'cadf-readers-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

async function serve(answer: RequestListener): Promise<URL> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

test('files larger than a piece are verified in a directory, packed and as they are', async () => {
  const path = folder();
  const files = [undefined, 'gzip', 'zstd'].map((compression) => ({ events: EVENTS, compression }));
  const place = await makeChain([{ files: files as never }], { blockLines: 1000 });
  writePlace(place, path);
  const report = await verifyPlace(directoryReader(path), { keys });
  expect(report).toMatchObject({ files: 3, events: 27_000, eventsCounted: 27_000 });
  expect(report.fault).toBeUndefined();
  const name = '000000000001.events-0001.ndjson';
  writeFileSync(join(path, name), place.get(name)!.toString().replace('event-4321', 'event-4322'));
  const { fault } = await verifyPlace(directoryReader(path), { keys });
  expect(fault).toMatchObject({ code: 'content-changed', file: name, lines: { from: 4001, to: 5000 } });
});

test('what is no regular file of the directory is not read', async () => {
  const path = folder();
  const reader = directoryReader(path);
  execFileSync('mkfifo', [join(path, 'pipe')]);
  symlinkSync('/etc/hostname', join(path, 'link'));
  await expect(reader.read('pipe')).rejects.toThrow(/no regular file/);
  await expect(reader.read('link')).rejects.toThrow(/symbolic link/);
  expect(await reader.read('none')).toBeUndefined();
  writePlace(await makeChain([{ files: [] }]), path);
  rmSync(join(path, 'link'));
  expect((await verifyPlace(reader, { keys })).fault).toMatchObject({ code: 'file-unknown', file: 'pipe' });
});

test('an endless answer is not read to its end', async () => {
  const url = await serve((_, response) => {
    const more = (): void => void (response.write(Buffer.alloc(65_536, 'a')) && setImmediate(more));
    response.on('drain', more);
    more();
  });
  const { fault } = await verifyPlace(httpReader(url), { keys });
  expect(fault?.code).toBe('head-invalid');
});

test.each<[string, RequestListener, RegExp]>([
  ['silent', () => {}, /came for 0.2 seconds/],
  ['silent after a while', (_, response) => response.write('a'), /came for 0.2 seconds/],
  ['refusing', (_, response) => response.writeHead(403).end(), /answered 403/],
  ['packing', (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('a'), /encoding/],
  [
    'cut off',
    (_, response) => (response.write('a'), void setTimeout(() => response.destroy(), 20)),
    /cannot be read/,
  ],
])('a server that is %s makes the place unreadable', async (_, answer, message) => {
  const reader = httpReader(await serve(answer), { idleMs: 200 });
  const reading = reader.read('head.jws').then((chunks) => chunks && readBounded(chunks, 10));
  await expect(reading).rejects.toThrow(PlaceUnreadable);
  await expect(reading).rejects.toThrow(message);
});

test('a server that sends on and on, but hardly anything, makes the place unreadable', async () => {
  const url = await serve((_, response) => {
    const drip = setInterval(() => response.write('a'), 20);
    response.on('close', () => clearInterval(drip));
  });
  const chunks = await httpReader(url, { idleMs: 200 }).read('head.jws');
  await expect(readBounded(chunks!, 1000)).rejects.toThrow(/too little, came for 0.2 seconds/);
});

test('who stops gets his own reason, also in the middle of a file', async () => {
  const url = await serve((_, response) => void response.write('a'));
  const stop = new AbortController();
  const chunks = await httpReader(url).read('head.jws', stop.signal);
  setTimeout(() => stop.abort(new Error('enough')), 50);
  await expect(readBounded(chunks!, 1000)).rejects.toThrow('enough');
});

test('a password in a URL is refused, and told nobody', () => {
  const read = (): unknown => httpReader(new URL('https://joe:hunter2@127.0.0.1:1/x'));
  expect(read).toThrow(PlaceUnreadable);
  expect(read).not.toThrow(/hunter2/);
});
