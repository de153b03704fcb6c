/**
 * Server-sent events (WHATWG HTML, section 9.2.6) from text as it arrives, by `eventsource-parser`, with what it tells of
 * an id and of data put together: an id without data is how a subscription whose events are rare keeps a place near now.
 * `retry:` is not heeded: the client's pauses grow by themselves.
 */
import { createParser } from 'eventsource-parser';

export interface Frame {
  /** The last id the stream told, in this frame or before; empty at first. */
  readonly id: string;
  /** `message` where the stream says nothing. */
  readonly type: string;
  /** Lines of `data:`, with line feeds between; undefined where the frame has none. */
  readonly data: string | undefined;
}

export interface FrameParser {
  /** Takes the next piece of the stream; answers the frames that are whole now. Throws RangeError past the bound. */
  feed(text: string): readonly Frame[];
}

/** An event of 1 MiB whose characters are all escaped has room. */
export const MAX_FRAME_CHARS = 16 * 1024 * 1024;

export function createFrameParser(maxFrameChars: number = MAX_FRAME_CHARS): FrameParser {
  let frames: Frame[] = [];
  let id = '';
  /** The id was told, and by no frame yet. */
  let isTold = false;

  function tellPlace(): void {
    if (isTold) frames.push({ id, type: 'message', data: undefined });
    isTold = false;
  }

  const parser = createParser({
    maxBufferSize: maxFrameChars,
    onId(told) {
      tellPlace();
      id = told;
      isTold = true;
    },
    // It follows the id of its own frame at once.
    onEvent({ data, event = 'message' }) {
      frames.push({ id, type: event, data });
      isTold = false;
    },
    onError(error) {
      // Fields and values of other kinds are passed over, as the standard says.
      if (error.type === 'max-buffer-size-exceeded')
        throw new RangeError(`A server-sent event is longer than ${maxFrameChars} characters.`);
    },
  });
  return {
    feed(text) {
      parser.feed(text);
      tellPlace();
      const whole = frames;
      frames = [];
      return whole;
    },
  };
}
