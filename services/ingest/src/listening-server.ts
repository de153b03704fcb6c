/** A server of the network that has begun to listen: where, and whether it still does. */
import type { Server } from 'node:net';
import type { ListenAddress } from './listen-address.ts';

export interface ListeningServer {
  readonly port: number;
  /** Why it takes nothing any more; undefined while it does. */
  trouble(): string | undefined;
}

/** Rejects where it cannot listen. `failed` is told of what happens to it later. */
export async function listening(
  server: Server,
  { host, port }: ListenAddress,
  failed: (error: Error) => void,
): Promise<ListeningServer> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  let trouble: string | undefined;
  server.on('error', (error) => {
    trouble = error.message;
    failed(error);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    trouble: () => trouble,
  };
}
