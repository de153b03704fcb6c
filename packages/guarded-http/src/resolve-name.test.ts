import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns';
import { expect, test } from 'vitest';
import { startNameServer } from './name-server.test-support.ts';
import { createNameResolver } from './resolve-name.ts';
import type { NameResolverOptions, ResolveName } from './resolve-name.ts';

async function resolve(
  name: string,
  options: NameResolverOptions,
  family: 0 | 4 | 6 = 0,
): Promise<readonly LookupAddress[]> {
  return new Promise((found, failed) => {
    createNameResolver(options)(name, { family }, (error, addresses) => {
      if (error === null) found(addresses);
      else failed(error);
    });
  });
}

const never: ResolveName = () => {
  throw new Error('the system was asked');
};

test('both families are asked for and given', async () => {
  const { server, asked } = await startNameServer(() => ['8.8.8.8', '8.8.4.4', '2001:4860:4860::8888']);
  const found = await resolve('receiver.example', { servers: [server], bySystem: never });
  expect(found.toSorted((one, other) => one.family - other.family)).toEqual([
    { address: '8.8.8.8', family: 4 },
    { address: '8.8.4.4', family: 4 },
    { address: '2001:4860:4860::8888', family: 6 },
  ]);
  expect(new Set(asked)).toEqual(new Set(['receiver.example A', 'receiver.example AAAA']));
  expect(await resolve('receiver.example', { servers: [server], bySystem: never }, 6)).toHaveLength(1);
  expect(await resolve('receiver.example', { servers: [server], bySystem: never }, 4)).toHaveLength(2);
});

test('a name with addresses of one family only has those', async () => {
  const { server } = await startNameServer(() => ['8.8.8.8']);
  expect(await resolve('receiver.example', { servers: [server], bySystem: never })).toEqual([
    { address: '8.8.8.8', family: 4 },
  ]);
});

test('a name server that does not answer is waited for no longer than was said, and the system not asked', async () => {
  const { server } = await startNameServer(() => 'silent');
  await expect(
    resolve('receiver.example', { servers: [server], bySystem: never, timeoutMs: 100 }),
  ).rejects.toMatchObject({ code: 'ECANCELLED' });
});

test('a family whose name server is silent does not hide the other', async () => {
  const { server } = await startNameServer((question) =>
    question.endsWith('AAAA') ? 'silent' : ['8.8.8.8'],
  );
  expect(await resolve('receiver.example', { servers: [server], bySystem: never, timeoutMs: 100 })).toEqual([
    { address: '8.8.8.8', family: 4 },
  ]);
});

test('what name servers do not know is looked up by the system', async () => {
  const { server } = await startNameServer(() => 'unknown');
  expect(await resolve('localhost', { servers: [server] }, 4)).toEqual([{ address: '127.0.0.1', family: 4 }]);
  await expect(resolve('receiver.invalid', { servers: [server] })).rejects.toBeInstanceOf(Error);
});

test('many names that wait for the system all get their turn', async () => {
  const { server } = await startNameServer(() => 'unknown');
  const all = await Promise.all(
    Array.from({ length: 20 }, () => resolve('localhost', { servers: [server] }, 4)),
  );
  expect(all.flat().map(({ address }) => address)).toEqual(Array.from({ length: 20 }, () => '127.0.0.1'));
});

test('silent name servers leave the threads of the process to others', async () => {
  const { server } = await startNameServer(() => 'silent');
  let open = 0;
  const hanging = Array.from({ length: 50 }, async () => {
    open += 1;
    await resolve('receiver.example', { servers: [server], timeoutMs: 2000 }).catch(() => {});
    open -= 1;
  });
  await new Promise<void>((done) => {
    lookup('localhost', () => done());
  });
  expect(open).toBe(50);
  await Promise.all(hanging);
});
