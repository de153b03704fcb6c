/** Events as lines for a person: when, who, did what, to which resource, with which outcome, seen by whom. */

/** `page` is an answer of `GET /cadf/v1/events`. */
export function timelineOf(page: unknown): string {
  const events = member(page, 'events');
  if (!Array.isArray(events)) return '';
  const rows = events.map((event: unknown) => [
    text(member(event, 'eventTime')).slice(0, 23),
    label(member(event, 'initiator'), member(event, 'initiatorId')),
    text(member(event, 'action')),
    label(member(event, 'target'), member(event, 'targetId')),
    text(member(event, 'outcome')),
    label(member(event, 'observer'), member(event, 'observerId')),
  ]);
  const header = ['time (UTC)', 'initiator', 'action', 'target', 'outcome', 'observer'];
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [header, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function label(resource: unknown, reference: unknown): string {
  const name = text(member(resource, 'name'));
  const id = text(member(resource, 'id')) || text(reference);
  return (name || id).slice(0, 40);
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
