/** The id of a CIMI Event: of the source and the CADF id, so the same in each log that has it. */

export interface EventKey {
  readonly source: string;
  readonly id: string;
}

const FOLDER = 'events/';

/** Relative to the base: `events/source-a:6f1c…`. A source's id has no colon. */
export function eventHref({ source, id }: EventKey): string {
  return `${FOLDER}${encodeURIComponent(source)}:${encodeURIComponent(id.toWellFormed())}`;
}

/** Of a decoded path segment. */
export function readEventKey(segment: string): EventKey | undefined {
  const colon = segment.indexOf(':');
  if (colon <= 0 || colon === segment.length - 1) return undefined;
  return { source: segment.slice(0, colon), id: segment.slice(colon + 1) };
}

/** Of an id as it was given, with or without what it is relative to. */
export function readEventHref(href: string): EventKey | undefined {
  const at = href.lastIndexOf(FOLDER);
  if (at < 0 || (at > 0 && href[at - 1] !== '/')) return undefined;
  try {
    return readEventKey(decodeURIComponent(href.slice(at + FOLDER.length)));
  } catch {
    return undefined;
  }
}
