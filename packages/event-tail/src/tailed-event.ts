/** An event on its way from the stream to readings. */
import { checkJsonDepth, timestampMs } from '@cadf-pipeline/cadf-model';
import type { TailEvent } from './interface.ts';

/** Earlier and later times are stored as these (DateTime64: 1900-01-01 to the end of 2299). */
const MIN_TIME_MS = Date.UTC(1900, 0, 1);
const MAX_TIME_MS = Date.UTC(2300, 0, 1) - 1;
/** Intake takes far less; values are visited by recursion. */
const MAX_DEPTH = 1_000;

/** Parsed when it is first asked for, once for all readings. */
export class TailedEvent implements TailEvent {
  readonly partition: number;
  readonly offset: number;
  readonly receivedMs: number;
  readonly place: number;
  readonly source: string;
  /** Not known of events that come from the store, which was asked for those of the scope. */
  readonly tenants: readonly string[];
  /** Its number among the events released, given when it is. */
  number = -1;
  #text: Buffer;
  #parsed: unknown = undefined;
  #isParsed = false;

  constructor(facts: {
    readonly partition: number;
    readonly offset: number;
    readonly receivedMs: number;
    readonly place: number;
    readonly source: string;
    readonly tenants?: readonly string[];
    readonly text: Buffer;
  }) {
    this.partition = facts.partition;
    this.offset = facts.offset;
    this.receivedMs = facts.receivedMs;
    this.place = facts.place;
    this.source = facts.source;
    this.tenants = facts.tenants ?? [];
    this.#text = facts.text;
  }

  get text(): Buffer {
    return this.#text;
  }

  /** The text as a string, not kept: most events are looked at once. */
  get json(): string {
    return this.#text.toString('utf8');
  }

  get isParsed(): boolean {
    return this.#isParsed;
  }

  get event(): unknown {
    if (!this.#isParsed) {
      this.#parsed = parse(this.json);
      this.#isParsed = true;
    }
    return this.#parsed;
  }

  /** As the store has it, milliseconds since 1970 UTC. */
  get eventMs(): number {
    const { event } = this;
    const text = typeof event === 'object' && event !== null && 'eventTime' in event ? event.eventTime : '';
    const ms = typeof text === 'string' ? timestampMs(text) : Number.NaN;
    return Math.min(Math.max(ms, MIN_TIME_MS), MAX_TIME_MS);
  }

  /** Lets go of what was parsed, which takes several times the room of the text. */
  forget(): void {
    this.#parsed = undefined;
    this.#isParsed = false;
  }

  /** Lets go of the fetch that the text came in with, before it is kept for long. */
  detach(): void {
    if (this.#text.buffer.byteLength > 4 * this.#text.length) this.#text = Buffer.from(this.#text);
  }
}

function parse(json: string): unknown {
  try {
    return checkJsonDepth(json, MAX_DEPTH) ? JSON.parse(json) : undefined;
  } catch {
    // The store takes no such text; a filter passes nothing of it.
    return undefined;
  }
}
