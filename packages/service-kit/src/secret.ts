import { inspect } from 'node:util';

const REDACTED = '[redacted]';

/**
 * A text that must not be shown by accident: printing, JSON and string building give `[redacted]`.
 * A class because only a private field keeps the text out of every serializer's reach.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself. Call it where it is used, never where it is passed on. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
