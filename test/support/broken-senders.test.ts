/** The servers of tests stand a client that goes away within its request: in the process of a test nobody else would. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startReceiver } from '../../packages/guarded-http/src/receiver.test-support.ts';
import { startCimiProvider } from './cimi-provider.ts';
import { startKeystone } from './keystone.ts';
import { sendRaw } from './raw-http.ts';

test.each([
  ['receiver of webhooks', startReceiver],
  ['Keystone', startKeystone],
  ['CIMI provider', startCimiProvider],
] as const)('a %s lets a request go that breaks off', async (_, start) => {
  const outside: unknown[] = [];
  const hear = (error: unknown): void => void outside.push(error);
  process.on('unhandledRejection', hear);
  onTestFinished(() => void process.off('unhandledRejection', hear));
  const server = await start();
  onTestFinished(() => ('close' in server ? server.close() : undefined));
  const { origin } = new URL(server.url);
  const path = '/v3/auth/tokens?nocatalog';
  await sendRaw(origin, [`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{`], 'reset');
  await sleep(50);
  expect(outside).toEqual([]);
});
