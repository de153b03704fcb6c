/** What a provider has and can: its CloudEntryPoint and the ResourceMetadata of it (DSP0263, clause 5). */
import { fold, foldName, listOf, referenceOf, textOf } from '../../sources/cimi/document.ts';
import type { Folded } from '../../sources/cimi/document.ts';
import { CimiFailure } from './cimi-failure.ts';
import { collectionItems } from './collection-items.ts';
import type { GetDocument } from './get-document.ts';
import { resolveHref } from './resolve-href.ts';

export interface CimiDiscovery {
  /** What references are relative to. */
  readonly base: URL;
  /** Addresses of collections by their names, folded: `jobs`, `eventlogs`, `meters`, `machines`. */
  readonly collections: ReadonlyMap<string, URL>;
  /** Names of capabilities, folded, with their values: `filterparameter` → `true`, `jobretention` → `60`. */
  readonly capabilities: ReadonlyMap<string, string>;
  /** References that were not taken, and why: another origin, no address. */
  readonly refused: readonly CimiFailure[];
}

/** Of the standard: read as references also where a server writes them as texts. */
const COLLECTIONS = new Set([
  'resourcemetadata',
  'machines',
  'systems',
  'volumes',
  'networks',
  'jobs',
  'meters',
  'eventlogs',
  'events',
]);
const MAX_COLLECTIONS = 200;
const MAX_METADATA = 200;
const MAX_CAPABILITIES = 200;

/** Throws `CimiFailure` where the entry point cannot be read; metadata that cannot be had advertise nothing. */
export async function discover(entry: URL, get: GetDocument, signal?: AbortSignal): Promise<CimiDiscovery> {
  const members = fold((await get(entry, signal)).value);
  const written = textOf(members.get('baseuri'));
  // Without a path's last slash, the last segment would be cut off each relative reference.
  const base =
    written === undefined
      ? entry
      : resolveHref(written.endsWith('/') ? written : `${written}/`, entry, entry.origin);
  const refused: CimiFailure[] = [];
  const collections = new Map<string, URL>();
  const listed = new Map([...fold(members.get('collections')), ...members]);
  for (const [told, value] of listed) {
    // Nuvla names its collections after one item.
    const name = COLLECTIONS.has(`${told}s`) ? `${told}s` : told;
    if (collections.size >= MAX_COLLECTIONS) break;
    if ((typeof value !== 'object' || value === null) && !COLLECTIONS.has(name)) continue;
    const href = referenceOf(value);
    if (href === undefined) continue;
    try {
      collections.set(name, resolveHref(href, base, entry.origin));
    } catch (error) {
      if (!(error instanceof CimiFailure)) throw error;
      refused.push(error);
    }
  }
  const metadata = collections.get('resourcemetadata');
  const capabilities =
    metadata === undefined
      ? new Map<string, string>()
      : await readCapabilities({ metadata, base, origin: entry.origin, get, refused, signal });
  return { base, collections, capabilities, refused };
}

interface MetadataPlace {
  readonly metadata: URL;
  readonly base: URL;
  readonly origin: string;
  readonly get: GetDocument;
  readonly refused: CimiFailure[];
  readonly signal: AbortSignal | undefined;
}

async function readCapabilities(place: MetadataPlace): Promise<Map<string, string>> {
  const { metadata, base, origin, get, refused, signal } = place;
  const found = new Map<string, string>();
  try {
    const items = collectionItems(await get(metadata, signal)).slice(0, MAX_METADATA);
    for (const item of items) {
      const members = fold(item);
      const href = referenceOf(item);
      const isWhole = members.has('typeuri') || href === undefined;
      const whole = isWhole ? members : fold((await get(resolveHref(href, base, origin), signal)).value);
      addCapabilities(whole, found);
    }
  } catch (error) {
    // A retryable failure would otherwise be taken for a provider that can nothing.
    if (!(error instanceof CimiFailure) || error.retryable) throw error;
    refused.push(error);
  }
  return found;
}

/** Of the entry point what holds for all; of Job and EventLog what is about them alone (`JobRetention`, `Linked`). */
function addCapabilities(members: Folded, found: Map<string, string>): void {
  const type = lastSegment(textOf(members.get('typeuri')) ?? '');
  if (!['cloudentrypoint', 'job', 'eventlog'].includes(type)) return;
  for (const capability of listOf(members.get('capabilities') ?? members.get('capability'), 'capability')) {
    if (found.size >= MAX_CAPABILITIES) return;
    const one = fold(capability);
    const name = lastSegment(textOf(one.get('uri')) ?? textOf(one.get('name')) ?? '');
    const value = textOf(one.get('value')) ?? textOf(one.get('#text')) ?? 'true';
    if (name !== '' && value.toLowerCase() !== 'false') found.set(name, value);
  }
}

function lastSegment(uri: string): string {
  return foldName(uri.slice(uri.lastIndexOf('/') + 1));
}
