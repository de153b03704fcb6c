/** The stream as a process sees it that may be killed: from then on nothing of it reaches the stream any more. */
import type { EventStream } from '@cadf-pipeline/event-stream';

export function mortalStream(stream: EventStream, life: AbortSignal): EventStream {
  return {
    ...stream,
    append: (topic, batch) =>
      life.aborted
        ? new Promise((_, reject) => setTimeout(reject, 300, new Error('killed')))
        : stream.append(topic, batch),
    consume: (topic, options) =>
      stream.consume(topic, { ...options, signal: AbortSignal.any([options.signal, life]) }),
  };
}
