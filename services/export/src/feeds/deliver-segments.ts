/** Puts the segments of a feed where its recipient has them put: in their order, each until it was taken. */
import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Feed } from '@cadf-pipeline/control-state';
import { contentOfFile } from '@cadf-pipeline/file-places';
import { manifestName, signatureName } from '@cadf-pipeline/federation';
import { ProblemError } from '@cadf-pipeline/service-kit';
import { Superseded } from '@cadf-pipeline/shared-work';
import type { Carrier } from '../exports/destination.ts';
import { MANIFEST_TYPE, SIGNATURE_TYPE } from '../exports/file-answers.ts';
import { createHttpCarrier } from '../exports/http-carrier.ts';
import { destinationContext } from '../exports/new-export.ts';
import { createOpenCarrier } from '../exports/open-carrier.ts';
import type { OpenCarrierDependencies } from '../exports/open-carrier.ts';
import { cutOf } from './cut-of.ts';
import { feedErrors } from './feed-errors.ts';
import type { FeedRunDependencies, Running } from './feed-run.ts';
import { FeedStop } from './feed-stop.ts';
import { signFeedHead } from './sign-segments.ts';

/** Undefined where the recipient pulls. Throws a ProblemError where the secrets cannot be opened any more. */
export type OpenFeedCarrier = (feed: Pick<Feed, 'chain' | 'delivery'>) => Carrier | undefined;

export function createOpenFeedCarrier(deps: OpenCarrierDependencies): OpenFeedCarrier {
  const openDestination = createOpenCarrier(deps);
  return ({ chain, delivery }) => {
    if (delivery.type === 'pull') return undefined;
    if (delivery.type !== 'peer') return openDestination(delivery, chain);
    const token = deps.box.open(delivery.credentials, destinationContext(chain));
    if (token === undefined) throw new ProblemError(feedErrors.FEED_DELIVERY_SEALED);
    const below = delivery.url.endsWith('/') ? delivery.url : `${delivery.url}/`;
    const target = { method: 'PUT', urlOf: (name: string) => new URL(below + name) } as const;
    return createHttpCarrier(deps.http(), target, chain, token);
  };
}

const POLL_MS = 500;
const FIRST_RETRY_MS = 1000;
const MAX_RETRY_MS = 300_000;

/** Goes on until it is stopped; returns at once where the recipient pulls. */
export async function deliverSegments(
  deps: FeedRunDependencies,
  feed: Feed,
  running: Running,
): Promise<void> {
  const { now, openCarrier, pollMs = POLL_MS } = deps;
  const { keeper, stop } = running;
  const carrier = openCarrier(feed);
  if (carrier === undefined) return;
  let retryMs = FIRST_RETRY_MS;
  try {
    for (;;) {
      stop.soft.throwIfAborted();
      const { delivered, kept, published } = keeper.record;
      const next = Math.max(delivered + 1, kept);
      if (next > published) {
        await sleep(pollMs, undefined, { signal: stop.soft });
        continue;
      }
      try {
        await deliver(deps, feed, running, carrier, next);
        retryMs = FIRST_RETRY_MS;
        await keeper.save(({ refused: _mended, ...record }) => ({ ...record, delivered: next }));
      } catch (error) {
        if (error instanceof FeedStop || error instanceof Superseded || stop.soft.aborted) throw error;
        const detail = (error instanceof Error ? error.message : String(error)).slice(0, 4000);
        const refused = { code: feedErrors.FEED_NOT_TAKEN.code, detail, atMs: now() };
        await keeper.save((record) => ({ ...record, refused }));
        await sleep(Math.min(retryMs, pollMs * 1000), undefined, { signal: stop.soft });
        retryMs = Math.min(retryMs * 2, MAX_RETRY_MS);
      }
    }
  } finally {
    await carrier.close();
  }
}

/** Content, manifest, its signature, then the head: whoever looks in between sees a chain that is whole. */
async function deliver(
  { identity, now, rights }: FeedRunDependencies,
  feed: Feed,
  { directory, stop, work }: Running,
  carrier: Carrier,
  sequence: number,
): Promise<void> {
  const manifest = await directory.manifest(sequence);
  const end = await directory.end(sequence);
  if (manifest === undefined || end === undefined)
    throw new Error(`the files of segment ${sequence} are gone`);
  const scope = rights.scopeOf(cutOf(feed, manifest));
  if (typeof scope === 'string') throw new FeedStop(feedErrors.FEED_RIGHTS, scope);

  async function carry(name: string, bytes: number, sha256: string, mediaType: string, content?: Buffer) {
    await work.certain(stop.soft);
    await carrier.carry(
      {
        name,
        bytes,
        sha256,
        mediaType,
        content: () =>
          content === undefined ? contentOfFile(directory.pathOf(name)) : Readable.from([content]),
      },
      stop.soft,
    );
  }

  for (const { bytes, name, sha256 } of manifest.files)
    await carry(name, bytes, sha256, 'application/octet-stream');
  for (const [name, type] of [
    [manifestName(sequence), MANIFEST_TYPE],
    [signatureName(sequence), SIGNATURE_TYPE],
  ] as const) {
    const content = await readFile(directory.pathOf(name));
    await carry(name, content.length, hash('sha256', content, 'hex'), type, content);
  }
  const head = await signFeedHead(identity, feed, end, now());
  await carry(head.name, head.bytes.length, hash('sha256', head.bytes, 'hex'), SIGNATURE_TYPE, head.bytes);
}
