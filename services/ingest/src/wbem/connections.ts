/**
 * Connections before their first request. Node's parser of HTTP does not know M-POST (RFC 2774), so the first bytes of
 * a connection are looked at, and of `M-POST` only `POST` is passed on. Such a connection has one request: it is
 * closed with the answer. M-POST later on a connection is answered 501, with which DSP0200 has the sender use POST.
 */
import type { Socket } from 'node:net';

export interface Connections {
  /** Reads the beginning, then gives the socket on. */
  open(socket: Socket, handOn: (socket: Socket) => void): void;
  /** Whether the request that is read on this socket came as M-POST. */
  isMandatory(socket: Socket): boolean;
  /** Whether HTTP has it. False: still before its first request, or within a handshake of TLS. */
  isHandedOn(socket: Socket): boolean;
  /** Those that have not sent enough yet. */
  waiting(): Iterable<Socket>;
}

const MANDATORY = Buffer.from('M-POST ');
const PREFIX = 2;

/** `timeoutMs`: a connection without a byte for so long is closed. */
export function createConnections(timeoutMs: number): Connections {
  const mandatory = new WeakSet<Socket>();
  const waiting = new Set<Socket>();
  const handedOn = new WeakSet<Socket>();

  function open(socket: Socket, handOn: (socket: Socket) => void): void {
    const chunks: Buffer[] = [];
    const fail = (): void => void socket.destroy();
    socket.setTimeout(timeoutMs, fail);
    socket.on('error', fail);
    socket.on('end', fail);
    socket.on('data', look);
    // Not the socket's own, which a byte now and then puts off.
    const deadline = setTimeout(fail, timeoutMs);
    waiting.add(socket);
    socket.once('close', () => {
      clearTimeout(deadline);
      waiting.delete(socket);
    });

    function look(chunk: Buffer): void {
      chunks.push(chunk);
      const start = Buffer.concat(chunks);
      const length = Math.min(start.length, MANDATORY.length);
      const isAlike = start.subarray(0, length).equals(MANDATORY.subarray(0, length));
      if (isAlike && length < MANDATORY.length) return;
      if (isAlike) mandatory.add(socket);
      clearTimeout(deadline);
      waiting.delete(socket);
      handedOn.add(socket);
      socket.setTimeout(0, fail);
      socket.off('data', look).off('end', fail).off('error', fail);
      socket.pause();
      socket.unshift(isAlike ? start.subarray(PREFIX) : start);
      handOn(socket);
      setImmediate(() => socket.resume());
    }
  }

  return {
    open,
    isMandatory: (socket) => mandatory.has(socket),
    isHandedOn: (socket) => handedOn.has(socket),
    waiting: () => waiting,
  };
}
