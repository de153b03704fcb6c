/** Opens the place of an import, and looks for what is new in it by what it is to hold. */
import { HEAD_NAME, sequenceOfManifest } from '@cadf-pipeline/federation';
import type { ImportDefinition } from '@cadf-pipeline/control-state';
import { createBucketPlace, createDirectoryPlace, FilePlaceError } from '@cadf-pipeline/file-places';
import type { FilePlace } from '@cadf-pipeline/file-places';
import { createGuardedHttp } from '@cadf-pipeline/guarded-http';
import type { AddressRules } from '@cadf-pipeline/guarded-http';
import { Secret } from '@cadf-pipeline/service-kit';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { SourceRegistry } from '../source-registry.ts';
import type { Source } from '../source.ts';
import { feedReader, publishedKeys } from './feed-reader.ts';
import type { ImportFiles } from './import-files.ts';
import type { ImportRun } from './import-run-context.ts';
import type { ImportSecrets } from './import-secrets.ts';
import { asUnreadable, placeReader } from './place-reader.ts';
import { takeFiles } from './take-files.ts';
import type { RecordDependencies } from './take-records.ts';
import { takeSegments } from './take-segments.ts';
import type { LookEnd } from './take-segments.ts';
import type { TakenFiles } from './taken-files.ts';
import { takeTrail } from './take-trail.ts';

export interface LookDependencies {
  readonly files: ImportFiles;
  readonly sources: SourceRegistry;
  readonly secrets: ImportSecrets;
  readonly rules: AddressRules;
  readonly ca: string | undefined;
  /** Directories that may be read at or below. */
  readonly directories: readonly string[];
  readonly maxBytes: number;
  readonly take: RecordDependencies;
}

export interface OpenedPlace {
  /** Takes what is new. Throws `Refused`, `PlaceUnreadable`, and what else keeps it from being looked at. */
  look(run: ImportRun): Promise<LookEnd>;
  close(): Promise<void>;
}

/** What was sealed does not open. */
export class SealedElsewhere extends Error {
  override readonly name = 'SealedElsewhere';
}

const BucketSecret = Compile(
  Type.Object({ secretAccessKey: Type.String(), sessionToken: Type.Optional(Type.String()) }),
);
const CLOUDTRAIL = 'aws-cloudtrail';

export function lookAtPlace(
  deps: LookDependencies,
  definition: ImportDefinition,
  taken: TakenFiles,
): OpenedPlace {
  const { from } = definition;
  if (from.type === 'feed') return lookAtFeed(deps, definition);
  let place: FilePlace | undefined;
  return {
    async look(run) {
      place ??= openPlace(deps, definition);
      return lookAtFiles(deps, place, taken, run);
    },
    close: async () => place?.close(),
  };
}

function lookAtFeed(deps: LookDependencies, { from, id }: ImportDefinition): OpenedPlace {
  const { ca, maxBytes, rules, secrets } = deps;
  const http = createGuardedHttp({
    rules,
    ...(ca === undefined ? {} : { ca }),
    peer: 'peer',
    entered: 'the url of the feed',
  });
  return {
    async look(run) {
      const token = from.type === 'feed' ? secrets.open(from.token, id) : undefined;
      if (from.type !== 'feed' || token === undefined)
        throw new SealedElsewhere('Its token cannot be opened: accept another invitation.');
      const reader = feedReader({ http, url: from.url, feed: from.feed, token: new Secret(token), maxBytes });
      return takeSegments(run, {
        reader,
        published: () => publishedKeys({ http, url: from.url }, run.signal),
      });
    },
    close: () => http.close(),
  };
}

async function lookAtFiles(
  deps: LookDependencies,
  place: FilePlace,
  taken: TakenFiles,
  run: ImportRun,
): Promise<LookEnd> {
  const { definition } = run;
  const remove = definition.from.type === 'upload';
  if (definition.content === CLOUDTRAIL) {
    const type = cloudtrail(deps);
    if (definition.trusted === undefined)
      await takeFiles(run, {
        place,
        taken,
        remove,
        logType: type,
        records: deps.take,
        except: (name) => !/\.json(\.gz)?$/.test(name) || name.includes('/CloudTrail-Digest/'),
      });
    else await takeTrail(run, { place, taken, type, records: deps.take });
    return 'idle';
  }
  const chain = definition.content !== 'cadf' && (await holdsChain(place, run));
  if (definition.content === 'segments' || chain)
    return takeSegments(run, {
      reader: placeReader(place),
      ...(remove ? { remove: (name: string) => place.remove(name) } : {}),
    });
  await takeFiles(run, { place, taken, remove, logType: undefined, records: deps.take });
  return 'idle';
}

/** A place with a chain is one, whatever else is in it: what is signed is never read as if it were not. */
async function holdsChain(place: FilePlace, run: ImportRun): Promise<boolean> {
  if (run.record().point !== undefined || run.record().head !== undefined) return true;
  try {
    for await (const { name } of place.list({ signal: run.signal }))
      if (name === HEAD_NAME || sequenceOfManifest(name) !== undefined) return true;
    return false;
  } catch (error) {
    throw asUnreadable(error);
  }
}

function openPlace(deps: LookDependencies, definition: ImportDefinition): FilePlace {
  const { from, id } = definition;
  switch (from.type) {
    case 'upload':
      return deps.files.inboxOf(definition);
    case 'directory':
      return createDirectoryPlace({ path: from.path, roots: deps.directories });
    case 'bucket': {
      const text = deps.secrets.open(from.credentials, id);
      const secret: unknown = text === undefined ? undefined : JSON.parse(text);
      if (!BucketSecret.Check(secret))
        throw new SealedElsewhere('Its credentials cannot be opened: enter them again.');
      const { accessKeyId, bucket, endpoint, pathStyle, prefix, region } = from;
      return createBucketPlace({
        bucket,
        region: region ?? 'us-east-1',
        ...(endpoint === undefined ? {} : { endpoint }),
        ...(pathStyle === undefined ? {} : { pathStyle }),
        ...(prefix === undefined ? {} : { prefix }),
        credentials: { accessKeyId, ...secret },
        rules: deps.rules,
        ...(deps.ca === undefined ? {} : { ca: deps.ca }),
      });
    }
    case 'feed':
      throw new FilePlaceError('place', 'A feed is no place of files.');
  }
}

function cloudtrail({ sources }: LookDependencies): Source {
  const type = sources.get(CLOUDTRAIL);
  if (type === undefined) throw new Error(`there is no source type ${CLOUDTRAIL}`);
  return type;
}
