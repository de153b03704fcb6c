/** Senders that are broken, slow, hostile or too many, and a stream that refuses. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  cimMessage,
  exportCall,
  exportMessage,
  exportRequest,
  nextAnswer,
  send,
  startListener,
} from './listener.test-support.ts';
import { readExportMessage } from './export-message.ts';
import { SEQUENCES_TOPIC } from './sequence-record.ts';

const OPEN = { CADF_WBEM_AUTH: 'none' };

function open(port: number): Socket {
  const socket = connect({ host: '127.0.0.1', port });
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** Resolves when the other side closed. */
function closed(socket: Socket): Promise<void> {
  socket.resume();
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

test('while the stream refuses, no success is told; sent again it is taken', async () => {
  const { port, fail, records } = await startListener(OPEN);
  const request = exportRequest({ body: exportMessage('1', { SequenceContext: 'c', SequenceNumber: '1' }) });
  fail(true);
  const refused = await send(port, request);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(refused.body).not.toContain('EXPMETHODRESPONSE');
  expect(await records()).toEqual([]);
  fail(false);
  expect((await send(port, request)).status).toBe(200);
  expect(await records()).toHaveLength(1);
});

test.each([[{}], [{ SequenceContext: 'c', SequenceNumber: '1' }]])(
  'nothing is answered before the record is durable, nor where it never is: %o',
  async (properties) => {
    const { port, hold, fail } = await startListener(OPEN);
    const request = exportRequest({ body: exportMessage('1', properties) });
    const release = hold();
    const socket = open(port);
    let isAnswered = false;
    socket.once('data', () => (isAnswered = true));
    const answer = nextAnswer(socket);
    socket.write(request);
    await sleep(100);
    expect(isAnswered).toBe(false);
    release();
    expect((await answer).status).toBe(200);
    fail(true);
    expect((await send(port, request)).status).toBe(503);
  },
);

test('a number is remembered when its success is told, each of a batch', async () => {
  const { port, records } = await startListener(OPEN);
  const one = exportMessage('1', { sequencecontext: 'boot-1', SEQUENCENUMBER: ' 7 ' });
  await send(port, exportRequest({ body: one }));
  const calls = [8, 10].map((number) =>
    exportCall({ SequenceContext: 'boot-1', SequenceNumber: String(number) }),
  );
  const batch = cimMessage(
    '2',
    `<MULTIEXPREQ>${calls.map((call) => `<SIMPLEEXPREQ>${call}</SIMPLEEXPREQ>`).join('')}</MULTIEXPREQ>`,
  );
  await send(
    port,
    exportRequest({ headers: { CIMExportMethod: undefined, CIMExportBatch: '' }, body: batch }),
  );
  const remembered = (await records(SEQUENCES_TOPIC)).at(-1);
  expect(remembered?.key).toBe('["hypervisors-a","boot-1","test"]');
  expect(String(remembered?.value)).toMatch(/"ranges":\[\[7,8,\d+\],\[10,10,\d+\]\]/);
});

test.each([['-1'], ['1.5'], ['99999999999999999'], ['x']])(
  'a sequence number %s is none to be counted; the indication is taken',
  async (number) => {
    const { port, records } = await startListener(OPEN);
    const body = exportMessage('1', { SequenceContext: 'boot-1', SequenceNumber: number });
    expect((await send(port, exportRequest({ body }))).status).toBe(200);
    expect(await records(SEQUENCES_TOPIC)).toEqual([]);
  },
);

test('the numbers of embedded instances are not those of the indication', () => {
  const inner =
    '<INSTANCE CLASSNAME="a"><PROPERTY NAME="SequenceNumber"><VALUE>9</VALUE></PROPERTY></INSTANCE>';
  const text = exportMessage('1', {
    SequenceContext: 'c',
    SourceInstance: `<![CDATA[${inner}]]>`,
    SequenceNumber: '<![CDATA[3]]>',
  });
  expect(readExportMessage(text).calls[0]?.sequence).toEqual({ context: 'c', number: 3 });
});

test('a message over the bound is refused by its header, or as soon as it is over', async () => {
  const { port, records } = await startListener(OPEN);
  const body = exportMessage('1', { Message: 'x'.repeat(70_000) });
  expect((await send(port, exportRequest({ body }))).status).toBe(413);
  const chunked = exportRequest({
    headers: { 'Content-Length': undefined, 'Transfer-Encoding': 'chunked' },
    body: `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\n\r\n`,
  });
  expect((await send(port, chunked)).status).toBe(413);
  const endless = exportRequest({ headers: { 'Content-Length': '99999999999' }, body: '' });
  expect((await send(port, endless)).status).toBe(413);
  expect(await records()).toEqual([]);
});

test('headers over the bound are refused', async () => {
  const { port } = await startListener(OPEN);
  const answer = await send(port, exportRequest({ headers: { 'X-Long': 'x'.repeat(20_000) }, body: '' }));
  expect(answer.status).toBe(431);
});

test('a sender that goes away within a message leaves nothing', async () => {
  const { port, records, metrics } = await startListener(OPEN);
  const request = exportRequest({ body: exportMessage('1') });
  for (const length of [3, 40, request.length - 5]) {
    const socket = open(port);
    socket.write(request.subarray(0, length));
    await sleep(20);
    socket.resetAndDestroy();
  }
  expect((await send(port, request)).status).toBe(200);
  expect(await records()).toHaveLength(1);
  await vi.waitFor(async () => expect(await metrics()).toContain('cadf_wbem_connections 0'));
});

test('a sender that sends its message drop by drop is cut off, at each part of it', async () => {
  const { port, records } = await startListener({ ...OPEN, CADF_WBEM_TIMEOUT: '300ms' });
  const request = exportRequest({ body: exportMessage('1') });
  const slow = [0, 3, 40, request.length - 9].map(async (length) => {
    const socket = open(port);
    const end = closed(socket);
    socket.write(request.subarray(0, length));
    const drops = setInterval(
      () => socket.write(length === 3 ? '' : request.subarray(length, length + 1)),
      100,
    );
    await end;
    clearInterval(drops);
  });
  await Promise.all(slow);
  expect(await records()).toEqual([]);
});

test('a connection without a message for the idle time is closed, and used again before', async () => {
  const { port } = await startListener({ ...OPEN, CADF_WBEM_IDLE: '200ms' });
  const socket = open(port);
  for (const id of ['1', '2', '3']) {
    const answer = nextAnswer(socket);
    socket.write(exportRequest({ body: exportMessage(id) }));
    expect((await answer).body).toContain(`ID="${id}"`);
  }
  await closed(socket);
});

test('connections over the bound are refused', async () => {
  const { port } = await startListener({ ...OPEN, CADF_WBEM_MAX_CONNECTIONS: '2' });
  const held = [open(port), open(port)];
  await sleep(50);
  await closed(open(port));
  for (const socket of held) socket.destroy();
  await vi.waitFor(async () =>
    expect((await send(port, exportRequest({ body: exportMessage('1') }))).status).toBe(200),
  );
});

test('a stop ends connections that wait, and listens no more', async () => {
  const { port, intake } = await startListener(OPEN);
  const silent = open(port);
  const kept = open(port);
  const answer = nextAnswer(kept);
  kept.write(exportRequest({ body: exportMessage('1') }));
  await answer;
  await Promise.all([closed(silent), closed(kept), intake.stop()]);
  expect((await send(port, exportRequest({ body: exportMessage('2') }))).status).toBe(0);
});

test('an address that is taken is refused at the start', async () => {
  const { port } = await startListener(OPEN);
  await expect(startListener({ ...OPEN, CADF_WBEM_PORT: String(port) })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});

test('whatever bytes come, the listener answers the next sender', async () => {
  const { port, records } = await startListener(OPEN);
  const whole = exportRequest({ body: exportMessage('1') });
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
        fc.nat(whole.length - 1).chain((at) =>
          fc.uint8Array({ minLength: 1, maxLength: 4 }).map((bytes) => {
            const changed = Buffer.from(whole);
            changed.set(bytes.subarray(0, changed.length - at), at);
            return changed;
          }),
        ),
      ),
      async (bytes) => {
        const socket = open(port);
        socket.end(bytes);
        await closed(socket);
      },
    ),
    { numRuns: 60 },
  );
  const before = (await records()).length;
  expect((await send(port, whole)).status).toBe(200);
  // One that was changed where it does not matter may be on its way still: its sender has gone.
  expect((await records()).length).toBeGreaterThan(before);
});

test('many at once share appends, and each is answered with its own id', async () => {
  const { port, records } = await startListener(OPEN);
  const ids = Array.from({ length: 60 }, (_, index) => String(index));
  const answers = await Promise.all(ids.map((id) => send(port, exportRequest({ body: exportMessage(id) }))));
  expect(answers.map(({ body }) => /ID="(\d+)"/.exec(body)?.[1])).toEqual(ids);
  expect(await records()).toHaveLength(60);
});

test('a message under way at a stop is answered', async () => {
  const { port, hold, intake } = await startListener(OPEN);
  const release = hold();
  const answer = send(port, exportRequest({ body: exportMessage('1') }));
  await sleep(50);
  const stopped = intake.stop();
  release();
  expect((await answer).status).toBe(200);
  await stopped;
});

test('a connection with several messages at once is answered in their order', async () => {
  const { port, records } = await startListener(OPEN);
  const socket = open(port);
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ids = ['1', '2', '3'];
  socket.write(Buffer.concat(ids.map((id) => exportRequest({ body: exportMessage(id) }))));
  await vi.waitFor(() => expect([...text.matchAll(/MESSAGE ID="(\d)"/g)].map(([, id]) => id)).toEqual(ids));
  expect(await records()).toHaveLength(3);
});

test('a sender that is refused for garbage and stays is cut off', async () => {
  const { port } = await startListener(OPEN);
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  const answer = nextAnswer(socket);
  socket.write('this is no HTTP at all\r\n\r\n');
  expect((await answer).status).toBe(501);
  await new Promise<void>((resolve) => {
    const sending = setInterval(() => socket.write('more'), 50);
    socket.once('close', () => {
      clearInterval(sending);
      resolve();
    });
  });
});
