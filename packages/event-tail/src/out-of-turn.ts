/** What may be released though earlier events wait, so that the events of each source stay in order. */
import { comesBefore } from './order-of-acceptance.ts';
import type { Lane, Waiting } from './waiting-events.ts';

/**
 * The lanes of the events that may go, in the order in which they may; each event is the first of its lane when its turn
 * comes. One that may not go holds back what is behind it in its lane, and later events of its source everywhere. An open
 * lane may hold back anything after its last event.
 */
export function outOfTurn(
  lanes: readonly Lane[],
  isReady: (waiting: Waiting) => boolean,
  isOpen: (lane: Lane) => boolean,
): Lane[] {
  const going: Lane[] = [];
  const heldLanes = new Set<Lane>();
  const heldSources = new Set<string>();
  const cursors = lanes.map((lane) => cursorOf(lane));
  if (cursors.some(({ current, lane }) => current === undefined && isOpen(lane))) return going;
  for (;;) {
    let first: Cursor | undefined;
    for (const cursor of cursors) {
      if (cursor.current === undefined) continue;
      if (first?.current === undefined || comesBefore(cursor.current.event, first.current.event))
        first = cursor;
    }
    if (first?.current === undefined || heldLanes.size === lanes.length) return going;
    const { current, lane } = first;
    const { source } = current.event;
    if (!heldLanes.has(lane) && !heldSources.has(source) && isReady(current)) going.push(lane);
    else {
      heldLanes.add(lane);
      heldSources.add(source);
    }
    first.advance();
    if (first.current === undefined && isOpen(lane)) return going;
  }
}

interface Cursor {
  readonly lane: Lane;
  readonly current: Waiting | undefined;
  advance(): void;
}

/** What the store passed over is left out. */
function cursorOf(lane: Lane): Cursor {
  let at = lane.head - 1;
  const cursor = {
    lane,
    current: undefined as Waiting | undefined,
    advance(): void {
      do at += 1;
      while (lane.events[at]?.storedMs === -1);
      cursor.current = lane.events[at];
    },
  };
  cursor.advance();
  return cursor;
}
