/** The order of acceptance between partitions: by the time of receipt, then by the place in the batch. */

/** Of an event, what decides its turn. */
export interface AcceptedAt {
  readonly partition: number;
  readonly receivedMs: number;
  readonly place: number;
}

export function comesBefore(left: AcceptedAt, right: AcceptedAt): boolean {
  if (left.receivedMs !== right.receivedMs) return left.receivedMs < right.receivedMs;
  return left.place === right.place ? left.partition < right.partition : left.place < right.place;
}

/**
 * The events of a stretch in the one order that follows from them alone: that of each partition is kept, partitions are
 * merged by their heads. The tail may have given them otherwise, where some were stored late or others lay between.
 */
export function inOrderOfAcceptance<Event extends AcceptedAt>(events: readonly Event[]): readonly Event[] {
  const lanes = [...Map.groupBy(events, ({ partition }) => partition).values()].map((lane) => ({
    lane,
    at: 0,
  }));
  if (lanes.length < 2) return events;
  const ordered: Event[] = [];
  while (ordered.length < events.length) {
    let first: { readonly head: Event; readonly from: (typeof lanes)[number] } | undefined;
    for (const from of lanes) {
      const head = from.lane[from.at];
      if (head !== undefined && (first === undefined || comesBefore(head, first.head)))
        first = { head, from };
    }
    if (first === undefined) break;
    ordered.push(first.head);
    first.from.at += 1;
  }
  return ordered;
}
