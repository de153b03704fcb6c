import type { LookupAddress } from 'node:dns';
import { connect } from 'node:net';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { Client } from 'undici';
import { createGuardedConnector } from './guarded-connector.ts';
import { createGuardedLookup } from './guarded-lookup.ts';
import { startNameServer } from './name-server.test-support.ts';
import { startReceiver } from './receiver.test-support.ts';
import type { Receiver } from './receiver.test-support.ts';
import { createNameResolver } from './resolve-name.ts';
import type { ResolveName } from './resolve-name.ts';

const strict = { allowPrivate: false };
const open = { allowPrivate: true };

/** Answers the first question with the first of the lists, and so on; the last again and again. */
function answering(...lists: readonly (readonly string[])[]): ResolveName & { asked: number } {
  const resolve = Object.assign(
    ((_name, _options, done) => {
      const list = lists[Math.min(resolve.asked, lists.length - 1)] ?? [];
      resolve.asked += 1;
      done(
        null,
        list.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    }) as ResolveName,
    { asked: 0 },
  );
  return resolve;
}

async function lookUp(
  resolve: ResolveName,
  rules = strict,
  all = true,
): Promise<string | readonly LookupAddress[]> {
  return new Promise((found, failed) => {
    createGuardedLookup(rules, resolve)('receiver.example', { all }, (error, address) => {
      if (error === null) found(address);
      else failed(error);
    });
  });
}

const reachable = (): Promise<Receiver> => startReceiver((response) => response.end('reached'));

test('of the addresses of a name only those that may be connected to are given', async () => {
  expect(await lookUp(answering(['10.0.0.1', '8.8.8.8', '::1', '2606:4700::1']))).toEqual([
    { address: '8.8.8.8', family: 4 },
    { address: '2606:4700::1', family: 6 },
  ]);
  expect(await lookUp(answering(['10.0.0.1', '8.8.8.8']), strict, false)).toBe('8.8.8.8');
});

test('a name without any such address is refused with the reason', async () => {
  await expect(lookUp(answering(['10.0.0.1', '::1']))).rejects.toMatchObject({
    code: 'ERR_ADDRESS_REFUSED',
    message: expect.stringContaining('"receiver.example" leads to an address that is refused: "10.0.0.1"'),
  });
  await expect(lookUp(answering([]))).rejects.toMatchObject({ code: 'ERR_ADDRESS_REFUSED' });
});

test('a name that leads to a metadata service is refused also where private addresses are allowed', async () => {
  await expect(lookUp(answering(['169.254.169.254']), open)).rejects.toMatchObject({
    code: 'ERR_ADDRESS_REFUSED',
  });
  expect(await lookUp(answering(['169.254.169.254', '10.0.0.1']), open)).toEqual([
    { address: '10.0.0.1', family: 4 },
  ]);
});

test('a failure of the resolver is passed on', async () => {
  const failing: ResolveName = (_name, _options, done) =>
    done(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), []);
  await expect(lookUp(failing)).rejects.toMatchObject({ code: 'ENOTFOUND' });
});

test('a name that was harmless when it was checked and leads to loopback when it is connected to reaches nobody', async () => {
  const { port, received } = await reachable();
  let harmless = true;
  const { server, asked } = await startNameServer(() => (harmless ? ['8.8.8.8'] : ['127.0.0.1', '::1']));
  const resolve = createNameResolver({ servers: [server] });
  expect(await lookUp(resolve)).toEqual([{ address: '8.8.8.8', family: 4 }]);
  harmless = false;
  const client = new Client(`http://receiver.example:${port}`, {
    connect: createGuardedConnector({ rules: strict, timeoutMs: 5000, resolve }),
  });
  onTestFinished(() => client.destroy());
  await expect(client.request({ path: '/', method: 'POST', body: 'x' })).rejects.toMatchObject({
    code: 'ERR_ADDRESS_REFUSED',
  });
  expect(new Set(asked)).toEqual(new Set(['receiver.example A', 'receiver.example AAAA']));
  expect(received).toHaveLength(0);
});

test('the same name reaches the receiver where private addresses are allowed', async () => {
  const { port, received } = await reachable();
  const client = new Client(`http://receiver.example:${port}`, {
    connect: createGuardedConnector({ rules: open, timeoutMs: 5000, resolve: answering(['127.0.0.1']) }),
  });
  onTestFinished(() => client.destroy());
  const { statusCode, body } = await client.request({ path: '/', method: 'POST', body: 'x' });
  expect([statusCode, await body.text(), received.length]).toEqual([200, 'reached', 1]);
});

test.each(['127.0.0.1', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', '[::1]', 'localhost'])(
  'the host %s of a URL reaches nobody',
  async (host) => {
    const { port, received } = await reachable();
    const client = new Client(`http://${host}:${port}`, {
      connect: createGuardedConnector({ rules: strict, timeoutMs: 5000 }),
    });
    onTestFinished(() => client.destroy());
    await expect(client.request({ path: '/', method: 'GET' })).rejects.toMatchObject({
      code: 'ERR_ADDRESS_REFUSED',
    });
    expect(received).toHaveLength(0);
  },
);

test('the lookup serves plain sockets as well', async () => {
  const { port } = await reachable();
  const refused = connect({
    host: 'receiver.example',
    port,
    lookup: createGuardedLookup(strict, answering(['127.0.0.1'])),
  });
  const [error] = await once(refused, 'error').catch((fault: unknown) => [fault]);
  expect(error).toMatchObject({ code: 'ERR_ADDRESS_REFUSED' });
  const reached = connect({
    host: 'receiver.example',
    port,
    lookup: createGuardedLookup(open, answering(['127.0.0.1'])),
  });
  await once(reached, 'connect');
  expect(reached.remoteAddress).toBe('127.0.0.1');
  reached.destroy();
});
