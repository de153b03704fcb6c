/** A receiver of webhooks as a subscriber runs one: remembers what came, answers as it is told. */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedBatch {
  /** `webhook-id`. */
  readonly id: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Ids of the CADF events of a JSON array. */
  readonly events: readonly string[];
  /** What was answered. */
  readonly status: number;
  /** Milliseconds since 1970 UTC. */
  readonly atMs: number;
}

export interface WebhookReceiver {
  readonly url: string;
  /** Everything that came, in order. */
  readonly received: readonly ReceivedBatch[];
  /** Ids of events answered with 2xx at `path`, in order, repeated batches once. */
  delivered(path?: string): readonly string[];
  /** The status of the next answer; undefined breaks the connection off. Default 200. */
  answer: (batch: Omit<ReceivedBatch, 'status'>) => number | undefined | Promise<number | undefined>;
  close(): Promise<void>;
}

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: ReceivedBatch[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      const batch = {
        id: String(request.headers['webhook-id']),
        path: request.url ?? '',
        headers: request.headers,
        body,
        events: idsIn(body),
        atMs: Date.now(),
      };
      void Promise.resolve(receiver.answer(batch)).then((status) => {
        received.push({ ...batch, status: status ?? 0 });
        if (status === undefined) return request.destroy();
        response.writeHead(status).end('received');
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${port}`,
    received,
    delivered(path) {
      const seen = new Set<string>();
      return received
        .filter((batch) => batch.status >= 200 && batch.status < 300)
        .filter((batch) => path === undefined || batch.path === path)
        .filter(({ id }) => !seen.has(id) && seen.add(id))
        .flatMap(({ events }) => events);
    },
    answer: () => 200,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}

function idsIn(body: Buffer): readonly string[] {
  const parsed: unknown = JSON.parse(body.toString());
  return Array.isArray(parsed) ? parsed.map((event: { readonly id: string }) => event.id) : [];
}
