/** What a recipient pulls: the segments of a feed, their files, and the signed head. */
import type { Feed, FeedCredential, IdParams } from '@cadf-pipeline/control-state';
import { HEAD_NAME, manifestName, signatureName } from '@cadf-pipeline/federation';
import type { ManifestFile, SegmentManifest } from '@cadf-pipeline/federation';
import { fileFormats } from '@cadf-pipeline/event-formats';
import { principalOf, ProblemError } from '@cadf-pipeline/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fileAnswers, MANIFEST_TYPE, Range, SIGNATURE_TYPE } from '../exports/file-answers.ts';
import { sendFile } from '../exports/send-file.ts';
import { openFeedDirectory } from './feed-directory.ts';
import { feedErrors } from './feed-errors.ts';
import { FEED_PARAMS } from './feed-routes.ts';
import { credentialOf } from './feed-tokens.ts';
import { FEEDS_PATH } from './feeds.ts';
import type { FeedDeps, Feeds } from './feeds.ts';
import { DEFAULT_LISTED, FileParams, Segments, SEGMENTS_EXAMPLE, SegmentsQuery } from './pull-schemas.ts';
import { signFeedHead } from './sign-segments.ts';

const MANIFEST_EXAMPLE = { version: 1, kind: 'feed', sequence: 1, count: 12, late: false };
const HEAD_EXAMPLE = `${Buffer.from('{"alg":"EdDSA","typ":"cadf-head"}').toString('base64url')}.e30.AA`;
const SEQUENCE = /^([0-9]{12})\./;
const pullProblems = [feedErrors.FEED_NOT_FOUND, feedErrors.FEED_NOT_YOURS, feedErrors.FEED_RIGHTS];

interface Puller {
  readonly feed: Feed;
  /** Undefined: its owner. */
  readonly credential: FeedCredential | undefined;
}

export function pullRoutes(app: FastifyInstance, deps: FeedDeps, feeds: Feeds): void {
  const { events, identity, now, root, state, work } = deps;
  const tags = ['feeds'];
  /** By which token of its feed a request was let in. */
  const tokens = new WeakMap<FastifyRequest, FeedCredential>();
  const pulling = {
    config: {
      role: 'export',
      alsoBy(request: FastifyRequest, token: string): boolean {
        const credential = credentialFor(request, token);
        if (credential !== undefined) tokens.set(request, credential);
        return credential !== undefined;
      },
    },
  } as const;

  app.get<{ Params: IdParams; Querystring: SegmentsQuery }>(
    `${FEEDS_PATH}/:id/segments`,
    {
      ...pulling,
      schema: {
        tags,
        summary: 'List the segments of a feed',
        description:
          'Those that are there, in their order, with their files. By its owner, or with a token of the feed.',
        params: FEED_PARAMS,
        querystring: SegmentsQuery,
        problems: pullProblems,
        response: {
          200: {
            description: 'Segments',
            content: { 'application/json': { schema: Segments, example: SEGMENTS_EXAMPLE } },
          },
        },
      },
    },
    async (request) => {
      const { feed } = pullerOf(request);
      const { after = '0', limit = DEFAULT_LISTED } = request.query;
      const { kept = 1, published = 0 } = work.record(feed) ?? {};
      const directory = openFeedDirectory(root, feed.chain);
      const first = Math.max(Number(after) + 1, kept);
      const segments: object[] = [];
      for (let sequence = first; sequence <= published && segments.length < limit; sequence++) {
        const manifest = await directory.manifest(sequence);
        // It was removed meanwhile.
        if (manifest !== undefined) segments.push(listed(feed, manifest));
      }
      return {
        chain: `${await identity.issuer()}/feeds/${feed.chain}`,
        sequence: published,
        firstKept: kept,
        segments,
      };
    },
  );

  app.get<{ Params: IdParams }>(
    `${FEEDS_PATH}/:id/head`,
    {
      ...pulling,
      schema: {
        tags,
        summary: 'Read the signed head of a feed',
        description:
          'How far its chain goes, signed now: whoever keeps it can tell when the end of the chain is taken away. By its owner, or with a token of the feed.',
        params: FEED_PARAMS,
        problems: [...pullProblems, feedErrors.FEED_NOT_STARTED],
        response: {
          200: {
            description: 'A compact JWS; docs/federation-format.md describes it',
            content: { [SIGNATURE_TYPE]: { schema: { type: 'string' }, example: HEAD_EXAMPLE } },
          },
        },
      },
    },
    async (request, reply) => {
      const { feed } = pullerOf(request);
      return reply.type(SIGNATURE_TYPE).send(await headOf(feed));
    },
  );

  app.get<{ Params: FileParams }>(
    `${FEEDS_PATH}/:id/segments/:name`,
    {
      ...pulling,
      schema: {
        tags,
        summary: 'Download a file of a segment',
        description:
          'Content, manifest, signature, or `head.jws`, as it is, also in ranges; so `cadf verify` takes the path of the segments as it is. By its owner, or with a token of the feed; each segment that is taken is an audit event.',
        params: FileParams,
        headers: Range,
        problems: [
          ...pullProblems,
          feedErrors.FEED_SEGMENT_NOT_FOUND,
          feedErrors.FEED_NOT_STARTED,
          feedErrors.FEED_RANGE,
        ],
        response: fileAnswers(MANIFEST_EXAMPLE),
      },
    },
    async (request, reply) => {
      const puller = pullerOf(request);
      if (request.params.name === HEAD_NAME)
        return reply.type(SIGNATURE_TYPE).send(await headOf(puller.feed));
      return send(request, reply, puller);
    },
  );

  function credentialFor(request: FastifyRequest, token: string): FeedCredential | undefined {
    const { id } = request.params as { readonly id?: unknown };
    const feed = typeof id === 'string' ? state.get('feed', id)?.entity : undefined;
    return feed === undefined ? undefined : credentialOf(feed, token, now());
  }

  /** Throws FEED_NOT_FOUND, FEED_NOT_YOURS and FEED_RIGHTS. */
  function pullerOf(request: FastifyRequest<{ Params: IdParams }>): Puller {
    const credential = tokens.get(request);
    const feed =
      credential === undefined
        ? feeds.current(request, 'own').entity
        : state.get('feed', request.params.id)?.entity;
    if (feed === undefined) throw new ProblemError(feedErrors.FEED_NOT_FOUND);
    feeds.requireRights(feed);
    return { feed, credential };
  }

  async function headOf(feed: Feed): Promise<Buffer> {
    const sequence = work.record(feed)?.published ?? 0;
    const end = await openFeedDirectory(root, feed.chain).end(sequence);
    if (end === undefined) throw new ProblemError(feedErrors.FEED_NOT_STARTED, { retryAfterSeconds: 1 });
    return (await signFeedHead(identity, feed, end, now())).bytes;
  }

  async function send(
    request: FastifyRequest<{ Params: FileParams }>,
    reply: FastifyReply,
    puller: Puller,
  ): Promise<FastifyReply> {
    const { feed } = puller;
    const { name: file } = request.params;
    const sequence = Number(SEQUENCE.exec(file)?.[1] ?? 0);
    const { kept = 1, published = 0 } = work.record(feed) ?? {};
    const directory = openFeedDirectory(root, feed.chain);
    const within = sequence >= kept && sequence <= published;
    const manifest = within ? await directory.manifest(sequence) : undefined;
    if (manifest === undefined) throw new ProblemError(feedErrors.FEED_SEGMENT_NOT_FOUND);
    const entry = manifest.files.find((one) => one.name === file);
    const isSigned = file === manifestName(sequence) || file === signatureName(sequence);
    if (entry === undefined && !isSigned) throw new ProblemError(feedErrors.FEED_SEGMENT_NOT_FOUND);
    feeds.requireRights(feed, manifest);
    return sendFile(request, reply, {
      path: directory.pathOf(file),
      name: file,
      type: typeOf(file, entry),
      digest: entry?.sha256,
      outOfRange: feedErrors.FEED_RANGE,
      written: () => events.given(feed, sequence, readerOf(request, puller)),
    });
  }

  function readerOf(request: FastifyRequest, { credential }: Puller) {
    const remoteAddress = request.ip;
    if (credential !== undefined) {
      const { id, name: called = 'a token of the feed' } = credential;
      return { id, name: called, remoteAddress, byToken: true };
    }
    const { id, name: called } = principalOf(request);
    return { id, name: called, remoteAddress, byToken: false };
  }
}

function listed({ id }: Feed, manifest: SegmentManifest): object {
  const { sequence } = manifest;
  const href = (file: string): string => `${FEEDS_PATH}/${id}/segments/${file}`;
  return {
    sequence,
    created: manifest.created,
    period: manifest.period,
    late: manifest.late,
    count: manifest.count,
    files: manifest.files.map(({ blocks: _blocks, ...file }) => ({ ...file, href: href(file.name) })),
    manifest: href(manifestName(sequence)),
    signature: href(signatureName(sequence)),
  };
}

function typeOf(file: string, entry: ManifestFile | undefined): string {
  if (entry === undefined) return file.endsWith('.json') ? MANIFEST_TYPE : SIGNATURE_TYPE;
  if (entry.compression !== undefined) return `application/${entry.compression}`;
  const found = Object.entries(fileFormats).find(([format]) => format === entry.format);
  return found?.[1].mediaType ?? 'application/x-ndjson';
}
