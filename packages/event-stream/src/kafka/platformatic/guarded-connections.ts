/**
 * Connections that go only where a guard allows, brokers that a cluster names itself included. The library makes its
 * sockets where no one else reaches them, but says so (diagnostics channel `plt:kafka:connections:connects`) in the same
 * turn of the event loop: before a name was looked up, and before a socket to a literal address connects. What comes from
 * such a broker is held to the framing of Kafka.
 */
import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import { Connection, connectionsConnectsChannel } from '@platformatic/kafka';
import type { ConnectionGuard } from '../options.ts';
import { requireSoundFrames } from './sound-frames.ts';

/** The guard of the connections that carry this object as their context. */
const guards = new WeakMap<object, ConnectionGuard>();
let isListening = false;

/** Goes into the option `context` of whatever of the library makes connections. */
export function guardedContext(guard: ConnectionGuard): object {
  if (!isListening) {
    isListening = true;
    connectionsConnectsChannel.end.subscribe(onConnecting);
  }
  const context = {};
  guards.set(context, guard);
  return context;
}

function onConnecting(message: unknown): void {
  if (typeof message !== 'object' || message === null || !('connection' in message)) return;
  const { connection } = message;
  if (!(connection instanceof Connection)) return;
  const { context } = connection;
  // There is none where it could not be made, as with a certificate that is none; what is thrown here ends the process.
  const socket = connection.socket as Socket | undefined;
  const guard = typeof context === 'object' && context !== null ? guards.get(context) : undefined;
  if (guard === undefined || socket === undefined || !socket.connecting) return;
  requireSoundFrames(socket);
  const host = 'host' in message ? String(message.host) : '';
  // Emitted for each address of a name before any of them is connected to; a socket that is destroyed then connects to none.
  socket.on('lookup', (_error: Error | null, address: string | undefined) => {
    const refusal = address === undefined ? undefined : guard.refusalOfAddress(address);
    if (refusal !== undefined) socket.destroy(new Error(refusal));
  });
  const refusal = guard.refusalOfHost(host) ?? (isIP(host) === 0 ? undefined : guard.refusalOfAddress(host));
  if (refusal !== undefined) socket.destroy(new Error(refusal));
}
