/** HTTP by hand, for what no client library would send. */
import { connect } from 'node:net';

export interface RawAnswer {
  /** Status of the first answer; undefined when the connection was closed without one. */
  readonly status: number | undefined;
  readonly text: string;
}

/** Pieces are written one after the other with a moment between; `end` half-closes, `reset` cuts the connection off. */
export async function sendRaw(
  url: string,
  pieces: readonly (string | Buffer)[],
  finish: 'wait' | 'end' | 'reset' = 'wait',
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A reset while we write is an answer, too.
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => {
    socket.once('end', resolve);
    socket.once('close', () => resolve());
    socket.setTimeout(15_000, () => resolve());
  });
  for (const piece of pieces) {
    if (socket.destroyed) break;
    await new Promise<void>((written) => socket.write(piece, () => written()));
    await new Promise((resume) => setTimeout(resume, 30));
  }
  if (finish === 'reset') socket.resetAndDestroy();
  else if (finish === 'end') socket.end();
  await closed;
  socket.destroy();
  const text = Buffer.concat(chunks).toString('latin1');
  const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
  return { status: status === undefined ? undefined : Number(status), text };
}
