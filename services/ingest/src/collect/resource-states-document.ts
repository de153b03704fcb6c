/** The document that says how a resource differs from what was last seen of it (`sources/cimi/README.md` has its members). */
import { checkJsonDepth } from '@cadf-pipeline/cadf-model';
import { COMPARED_STATE } from '../../sources/cimi/compared-state.ts';
import { fold } from '../../sources/cimi/document.ts';
import type { CollectedDocument } from './poll-context.ts';

export interface ComparedState {
  readonly change: 'state' | 'appear' | 'create' | 'delete';
  readonly url: URL;
  readonly collection: string;
  /** Milliseconds since 1970 UTC. */
  readonly seenMs: number;
  readonly previous: {
    readonly state?: string | undefined;
    readonly sinceMs?: number | undefined;
    readonly seenMs: number | undefined;
  };
  /** Members as the provider says them. */
  readonly resource: unknown;
}

const MAX_RESOURCE = 262_144;
const MAX_DEPTH = 48;
const MAX_TEXT = 4096;
/** What stays of a resource that is too large. */
const KEPT = ['resourceURI', 'id', 'name', 'state', 'created', 'updated'];

export function comparedDocument(compared: ComparedState): CollectedDocument {
  const { change, url, collection, seenMs, previous, resource } = compared;
  const document = {
    resourceURI: COMPARED_STATE,
    change,
    id: url.href,
    collection,
    seen: timeOf(seenMs),
    previous: {
      state: previous.state,
      since: timeOf(previous.sinceMs),
      seen: timeOf(previous.seenMs),
    },
    resource: bounded(resource),
  };
  return { text: JSON.stringify(document), position: url.href };
}

function timeOf(epochMs: number | undefined): string | undefined {
  return epochMs === undefined ? undefined : new Date(epochMs).toISOString();
}

function bounded(resource: unknown): unknown {
  const text = JSON.stringify(resource);
  if (text.length <= MAX_RESOURCE && checkJsonDepth(text, MAX_DEPTH)) return resource;
  const members = fold(resource);
  return Object.fromEntries(
    KEPT.map((name) => {
      const member = members.get(name.toLowerCase());
      return [name, typeof member === 'string' ? member.slice(0, MAX_TEXT) : undefined];
    }),
  );
}
