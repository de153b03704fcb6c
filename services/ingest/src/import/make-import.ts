/** What is made of the body that asks for an import, and whether there can be such a one. */
import { randomBytes } from 'node:crypto';
import { readTrailKeys } from '@cadf-pipeline/cloudtrail';
import { KEY_SOURCE_PREFIX, MAX_IMPORT_BYTES, SYSTEM_SOURCE } from '@cadf-pipeline/control-state';
import type { ImportDefinition, ImportFrom } from '@cadf-pipeline/control-state';
import { readTrustedKeys } from '@cadf-pipeline/federation';
import { faultOfBucket, faultOfDirectory } from '@cadf-pipeline/file-places';
import { faultOfUrl } from '@cadf-pipeline/guarded-http';
import type { AddressRules } from '@cadf-pipeline/guarded-http';
import { ProblemError, requireAllTenants, scopeOf } from '@cadf-pipeline/service-kit';
import type { Principal, ProblemFault } from '@cadf-pipeline/service-kit';
import { ingestErrors } from '../errors.ts';
import type { ImportSecrets } from './import-secrets.ts';
import type { ChangedImport, NewImport } from './new-import.ts';
import { openInvitation, redeemInvitation } from './redeem-invitation.ts';

export interface MakeDependencies {
  readonly secrets: ImportSecrets;
  readonly rules: AddressRules;
  readonly ca: string | undefined;
  readonly directories: readonly string[];
  /** What this deployment calls itself, where it has a name. */
  readonly issuer: () => string | undefined;
  readonly now: () => number;
}

export function newImportId(): string {
  return `import-${randomBytes(4).toString('hex')}`;
}

/**
 * The import that the body describes. `ready` is called when nothing but the provider of an invitation has to be asked:
 * it throws where it cannot be kept. Throws IMPORT_INVALID, FORBIDDEN_TENANT, IMPORT_INVITATION_REFUSED,
 * IMPORT_PEER_UNREACHABLE.
 */
export async function makeImport(
  deps: MakeDependencies,
  id: string,
  body: NewImport,
  principal: Principal,
  owner: ImportDefinition['owner'],
  ready: () => void,
): Promise<ImportDefinition> {
  const { from, keys, paused = false, prefix, tenants, ...rest } = body;
  requireReach(principal, tenants);
  if (from.type === 'directory') requireAllTenants(principal);
  const isFeed = from.type === 'feed';
  const common = {
    ...rest,
    id,
    prefix: prefixOf(principal, id, prefix),
    content: isFeed ? ('segments' as const) : (rest.content ?? 'auto'),
    owner,
    tenants: principal.tenants === '*' ? ('*' as const) : [...principal.tenants],
    ...(tenants === undefined ? {} : { fallback: tenants }),
    ...(keys === undefined ? {} : { trusted: textOf(keys) }),
    paused,
    resumed: 0,
    created: new Date(deps.now()).toISOString(),
  };
  const faults = faultsOfFrom(deps, from);
  if (isFeed && rest.content !== undefined && !['auto', 'segments'].includes(rest.content))
    faults.push({ path: 'body/content', message: 'is `segments` of a feed' });
  if (from.type !== 'feed' || from.invitation === undefined) {
    const made = { ...common, from: keptFrom(deps, id, from) };
    requireSound([...faults, ...(await faultsOf(made, principal))]);
    ready();
    return made;
  }
  if (keys !== undefined)
    faults.push({ path: 'body/keys', message: 'come with the invitation: leave them out' });
  requireSound([...faults, ...faultsOfPrefix(common, principal), ...faultsOfRouting(common)]);
  const invitation = openInvitation(from.invitation, { now: deps.now(), rules: deps.rules });
  ready();
  const { cadenceSeconds, chain, feed, token, trusted, url } = await redeemInvitation(invitation, {
    rules: deps.rules,
    ca: deps.ca,
    issuer: deps.issuer(),
    name: (rest.name ?? id).slice(0, 256),
    now: deps.now(),
  });
  return {
    ...common,
    everySeconds: rest.everySeconds ?? secondsBetweenLooks(cadenceSeconds),
    trusted,
    from: { type: 'feed', url, feed, chain, token: deps.secrets.seal(token, id) },
  };
}

/** Four times in a period: a segment waits a quarter of it at most. */
function secondsBetweenLooks(cadenceSeconds: number): number {
  return Math.min(60, Math.max(5, Math.round(cadenceSeconds / 4)));
}

/** The import after a change. Throws as `makeImport`. */
export async function changedImport(
  before: ImportDefinition,
  body: ChangedImport,
  principal: Principal,
): Promise<ImportDefinition> {
  const { keys, paused, tenants, ...rest } = body;
  requireReach(principal, tenants ?? undefined);
  const members: Record<string, unknown> = {
    ...rest,
    ...(tenants === undefined ? {} : { fallback: tenants }),
    ...(keys === undefined ? {} : { trusted: keys === null ? null : textOf(keys) }),
    ...(paused === undefined ? {} : { paused }),
  };
  const after = Object.fromEntries(
    Object.entries({ ...before, ...members }).filter(([, value]) => value !== null && value !== undefined),
  ) as ImportDefinition;
  requireSound(await faultsOf(after, principal));
  return after;
}

async function faultsOf(made: ImportDefinition, principal: Principal): Promise<readonly ProblemFault[]> {
  const bytes = Buffer.byteLength(JSON.stringify(made));
  return [
    ...faultsOfPrefix(made, principal),
    ...faultsOfRouting(made),
    ...(await faultsOfTrust(made)),
    ...(bytes > MAX_IMPORT_BYTES
      ? [{ path: 'body', message: `is kept in ${bytes} bytes, the most is ${MAX_IMPORT_BYTES}` }]
      : []),
  ];
}

/** Nothing unsigned is believed without somebody saying so. */
async function faultsOfTrust({
  content,
  trusted,
  unsigned = false,
}: ImportDefinition): Promise<readonly ProblemFault[]> {
  const isTrail = content === 'aws-cloudtrail';
  if (trusted === undefined) {
    if (content === 'segments')
      return [{ path: 'body/keys', message: 'are needed: segments are taken only from who is believed' }];
    return unsigned
      ? []
      : [
          {
            path: 'body/unsigned',
            message:
              'has to be true where there are no `keys`: nothing would tell whether the files were changed',
          },
        ];
  }
  if (content === 'cadf')
    return unsigned
      ? []
      : [{ path: 'body/unsigned', message: 'has to be true: nothing signs files of plain CADF' }];
  try {
    if (isTrail) readTrailKeys(trusted);
    else await readTrustedKeys(trusted);
    return [];
  } catch (error) {
    return [{ path: 'body/keys', message: `cannot be used: ${error instanceof Error ? error.message : ''}` }];
  }
}

function faultsOfRouting({
  fallback,
  routing,
}: Pick<ImportDefinition, 'fallback' | 'routing'>): readonly ProblemFault[] {
  return routing === 'fixed' && fallback === undefined
    ? [{ path: 'body/tenants', message: 'are needed where `routing` is `fixed`' }]
    : [];
}

/** A key bound to tenants names only sources of its own: what others said of an event is not its to replace. */
function faultsOfPrefix(
  { prefix }: Pick<ImportDefinition, 'prefix'>,
  principal: Principal,
): readonly ProblemFault[] {
  if (prefix === SYSTEM_SOURCE)
    return [{ path: 'body/prefix', message: 'is the source of the system itself' }];
  const own = `${KEY_SOURCE_PREFIX}${principal.id}_`;
  return principal.tenants === '*' || prefix.startsWith(own)
    ? []
    : [{ path: 'body/prefix', message: `of a key bound to tenants begins with ${own}` }];
}

function faultsOfFrom(deps: MakeDependencies, from: NewImport['from']): ProblemFault[] {
  const { directories, rules } = deps;
  if (from.type === 'directory') {
    const fault = faultOfDirectory(from.path, directories);
    return fault === undefined ? [] : [{ path: 'body/from/path', message: fault }];
  }
  if (from.type === 'bucket') {
    const { endpoint, prefix, secretAccessKey, sessionToken } = from;
    const fault = faultOfBucket({
      bucket: from.bucket,
      region: from.region ?? 'us-east-1',
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(prefix === undefined ? {} : { prefix }),
      credentials: {
        accessKeyId: from.accessKeyId,
        secretAccessKey,
        ...(sessionToken === undefined ? {} : { sessionToken }),
      },
      rules,
    });
    return fault === undefined ? [] : [{ path: `body/from/${fault.member}`, message: fault.message }];
  }
  if (from.type !== 'feed') return [];
  const { chain, feed, invitation, token, url } = from;
  const rest = { url, feed, chain, token };
  if (invitation !== undefined)
    return Object.entries(rest)
      .filter(([, value]) => value !== undefined)
      .map(([name]) => ({
        path: `body/from/${name}`,
        message: 'comes with the invitation: leave it out',
      }));
  const missing = Object.entries(rest)
    .filter(([, value]) => value === undefined)
    .map(([name]) => ({ path: `body/from/${name}`, message: 'is needed where there is no invitation' }));
  const fault =
    url === undefined
      ? undefined
      : faultOfUrl(url, rules, {
          example: 'https://audit.provider.example',
          proof: 'the token is the proof',
        });
  return [...missing, ...(fault === undefined ? [] : [{ path: 'body/from/url', message: fault }])];
}

function keptFrom({ secrets }: MakeDependencies, id: string, from: NewImport['from']): ImportFrom {
  switch (from.type) {
    case 'upload':
    case 'directory':
      return from;
    case 'bucket': {
      const { secretAccessKey, sessionToken, ...rest } = from;
      const secret = { secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
      return { ...rest, credentials: secrets.seal(JSON.stringify(secret), id) };
    }
    case 'feed': {
      const { chain = '', feed = '', token = '', url = '' } = from;
      return { type: 'feed', url, feed, chain, token: secrets.seal(token, id) };
    }
  }
}

function prefixOf(principal: Principal, id: string, asked: string | undefined): string {
  if (asked !== undefined) return asked;
  return principal.tenants === '*' ? id : `${KEY_SOURCE_PREFIX}${principal.id}_${id}`;
}

function requireReach(principal: Principal, tenants: readonly string[] | undefined): void {
  for (const tenant of tenants ?? []) scopeOf(principal, tenant);
}

function requireSound(faults: readonly ProblemFault[]): void {
  if (faults.length === 0) return;
  throw new ProblemError(ingestErrors.IMPORT_INVALID, {
    detail: faults.map(({ message, path }) => `${path} ${message}`).join('; '),
    faults,
  });
}

function textOf(keys: NonNullable<NewImport['keys']>): string {
  return typeof keys === 'string' ? keys : JSON.stringify(keys);
}
