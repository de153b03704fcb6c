/** A tail over a list: what tests of delivery read from, without a store. */
import { inOrderOfAcceptance, TailEnded } from '@cadf-pipeline/event-tail';
import type { EventTail, FollowOptions, TailBatch, TailEvent, TailPlace } from '@cadf-pipeline/event-tail';
import { testEvent } from '../../../../test/support/events.ts';

export interface EventList extends Pick<EventTail, 'follow'> {
  /** Adds so many events; answers their ids. Partition 0 and 1 in turn. Received now where no time is given. */
  add(count: number, changes?: Readonly<Record<string, unknown>>, receivedMs?: number): readonly string[];
  /** How many readings there are now. */
  readonly readings: number;
}

const START: TailPlace = { next: new Map() };

export function createEventList(partitions = 2): EventList {
  const events: TailEvent[] = [];
  const listeners = new Set<() => void>();
  let readings = 0;

  const isAt = ({ partition, offset }: TailEvent, positions: ReadonlyMap<number, number>): boolean =>
    offset < (positions.get(partition) ?? 0);

  function after(place: TailPlace, event: TailEvent): TailPlace {
    return { next: new Map([...place.next, [event.partition, event.offset + 1]]) };
  }

  async function* follow(options: FollowOptions): AsyncGenerator<TailBatch, void, undefined> {
    const { from, maxBytes = 1 << 20, maxEvents = 500, placeEveryMs = 10_000, scope, signal, upto } = options;
    let place = from;
    let toldMs = Date.now();
    readings++;
    try {
      while (!signal.aborted) {
        if (scope() === undefined) throw new TailEnded('rights', 'no rights');
        const given: TailEvent[] = [];
        const places: TailPlace[] = [];
        let bytes = 0;
        let passed = place;
        // What is read once more comes from the store.
        for (const event of upto === undefined ? events : inOrderOfAcceptance(events)) {
          if (isAt(event, passed.next) || (upto !== undefined && !isAt(event, upto))) continue;
          const wanted = options.source === undefined || event.source === options.source;
          if (wanted && (given.length === maxEvents || (bytes > 0 && bytes + event.text.length > maxBytes)))
            break;
          passed = after(passed, event);
          if (!wanted) continue;
          given.push(event);
          bytes += event.text.length;
          places.push(passed);
        }
        place = passed;
        const told = place;
        if (given.length > 0 || Date.now() - toldMs >= placeEveryMs) {
          toldMs = Date.now();
          yield { events: given, place: told, isLive: true, placeAfter: (index) => places[index] ?? START };
        } else if (upto === undefined) await changed(signal);
        else return;
      }
    } finally {
      readings--;
    }
  }

  function changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const go = (): void => {
        listeners.delete(go);
        signal.removeEventListener('abort', go);
        resolve();
      };
      listeners.add(go);
      signal.addEventListener('abort', go, { once: true });
    });
  }

  return {
    follow,
    add(count, changes = {}, receivedMs = Date.now()) {
      const added = Array.from({ length: count }, () => {
        const event = testEvent(changes);
        const partition = events.length % partitions;
        const offset = Math.floor(events.length / partitions);
        const text = Buffer.from(JSON.stringify(event));
        events.push({ partition, offset, receivedMs, place: events.length, source: 'nova', text, event });
        return event.id;
      });
      for (const listener of listeners) listener();
      return added;
    },
    get readings() {
      return readings;
    },
  };
}
