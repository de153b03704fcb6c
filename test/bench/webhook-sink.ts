/** A receiver of webhooks that answers at once and says what came. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestService } from '../support/service.ts';

const MAX_OF_ONE_OWNER = 200;

export interface WebhookSink {
  readonly url: string;
  close(): void;
}

/** Calls `came` with the path of a delivery and each of its events. */
export async function startWebhookSink(came: (path: string, event: unknown) => void): Promise<WebhookSink> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      response.writeHead(204).end();
      for (const event of JSON.parse(Buffer.concat(parts).toString()) as readonly unknown[])
        came(request.url ?? '', event);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Makes managed subscriptions with the default batches, of as many owners as it takes. `undefined`: all events. */
export async function subscribeWebhooks(
  service: TestService,
  wanted: readonly { readonly url: string; readonly filter: string | undefined }[],
): Promise<void> {
  let key = '';
  for (const [index, { filter, url }] of wanted.entries()) {
    if (index % MAX_OF_ONE_OWNER === 0) key = await makeKey(service);
    await create(service, '/cadf/v1/subscriptions', { type: 'webhook', url, filter }, key);
  }
}

async function makeKey(service: TestService): Promise<string> {
  const body = { name: 'subscriber', roles: ['query'], tenants: '*' };
  const { token } = (await create(service, '/cadf/v1/admin/keys', body)) as { readonly token: string };
  return token;
}

async function create(service: TestService, path: string, body: object, key?: string): Promise<unknown> {
  const answer = await service.fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(key === undefined ? {} : { key }),
  });
  if (answer.status !== 201) throw new Error(`${path} was refused: ${await answer.text()}`);
  return answer.json();
}
