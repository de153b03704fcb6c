/**
 * What a broker of somebody else sends must not end this process or fill its memory. The library believes the length
 * before each answer (Kafka protocol, "Common": int32, then as many bytes) and throws out of its listener for what it
 * cannot read, where nobody catches. So each socket's data is looked at before the library gets it.
 */
import type { Socket } from 'node:net';

/** Bytes of one answer. A broker sends at least one batch of records whole, however few bytes are asked for. */
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
/** Of its correlation id. */
const MIN_ANSWER_BYTES = 4;
const LENGTH_BYTES = 4;

/** Destroys the socket, with an error, when what comes is no answer of Kafka. */
export function requireSoundFrames(socket: Socket): void {
  const faultOf = createFrameCheck();
  const emit = socket.emit.bind(socket);
  socket.emit = (event: string | symbol, ...args: unknown[]): boolean => {
    const [data] = args;
    if (event !== 'data' || !Buffer.isBuffer(data)) return emit(event, ...args);
    // What is left in the socket when it was destroyed is nobody's any more.
    if (socket.destroyed) return false;
    const fault = faultOf(data);
    if (fault !== undefined) {
      socket.destroy(new Error(fault));
      return false;
    }
    try {
      return emit(event, ...args);
    } catch (error) {
      socket.destroy(new Error('What the broker answered cannot be read.', { cause: error }));
      return true;
    }
  };
}

/** Says what is wrong with the lengths in a stream of bytes, of which it is given one part after the other. */
export function createFrameCheck(): (data: Buffer) => string | undefined {
  /** Bytes of the answer that are still to come. */
  let left = 0;
  let length = 0;
  let lengthBytes = 0;
  return (data) => {
    for (let at = 0; at < data.length;) {
      if (left > 0) {
        const taken = Math.min(left, data.length - at);
        left -= taken;
        at += taken;
        continue;
      }
      length = (length << 8) | (data[at] ?? 0);
      at += 1;
      lengthBytes += 1;
      if (lengthBytes < LENGTH_BYTES) continue;
      if (length < MIN_ANSWER_BYTES || length > MAX_ANSWER_BYTES)
        return `The broker sends an answer of ${length} bytes: it is none of Kafka, or longer than ${MAX_ANSWER_BYTES}.`;
      left = length;
      length = 0;
      lengthBytes = 0;
    }
    return undefined;
  };
}
