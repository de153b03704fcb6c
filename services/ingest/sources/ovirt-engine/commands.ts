/**
 * What the engine writes of its commands: `Running command: XxxCommand internal: false. Entities affected :  ID: UUID
 * Type: VMAction group RUN_VM with role type USER` (there is no blank before `Action`), and its refusals.
 */
import type { EntityKind } from './targets.ts';

export interface Entity {
  readonly id: string;
  readonly kind: EntityKind;
}

export interface RunningCommand {
  /** Without `Command`: `RunVm`. */
  readonly name: string;
  readonly isInternal: boolean;
  readonly entities: readonly Entity[];
}

const RUNNING = /^Running command: ([A-Za-z0-9_]{1,120}?)(?:Command)?(?:\(|(?= internal: ))/;
const ENTITY = / ID: ([0-9a-fA-F-]{1,40}) Type: ([A-Za-z]{1,40}?)(?=Action group|,|$|\s)/g;
const MAX_ENTITIES = 64;

const KINDS: Readonly<Record<string, EntityKind>> = {
  VM: 'vm',
  VDS: 'host',
  Disk: 'disk',
  Storage: 'storage-domain',
  StoragePool: 'data-center',
  Cluster: 'cluster',
  VdsGroups: 'cluster',
  VmTemplate: 'template',
  Network: 'network',
  VnicProfile: 'network',
  VmPool: 'pool',
  GlusterVolume: 'volume',
  User: 'user',
  Role: 'role',
  Quota: 'quota',
  System: 'engine',
};

export function parseRunningCommand(text: string): RunningCommand | undefined {
  const head = RUNNING.exec(text.slice(0, 200));
  if (head === null) return undefined;
  const internal = text.indexOf(' internal: ');
  if (internal < 0) return undefined;
  const entities: Entity[] = [];
  // In debug the parameters of the command stand before; entities come behind.
  for (const found of text.slice(internal, internal + 8192).matchAll(ENTITY)) {
    const kind = KINDS[found[2] ?? ''];
    if (kind !== undefined) entities.push({ id: found[1] ?? '', kind });
    if (entities.length >= MAX_ENTITIES) break;
  }
  return { name: head[1] ?? '', isInternal: text.startsWith('true', internal + 11), entities };
}

export interface Refusal {
  readonly command: string;
  readonly user: string | undefined;
  readonly reasons: string;
}

const REFUSED =
  /^(?:Validation|CanDoAction) of action '([A-Za-z0-9_]{1,120})' failed(?: for user ([^\s]{1,300}?))?\. Reasons: ?(.{0,2000})/s;

export function parseRefusal(text: string): Refusal | undefined {
  const found = REFUSED.exec(text);
  return found === null ? undefined : { command: found[1] ?? '', user: found[2], reasons: found[3] ?? '' };
}

/** `RunVm` as a name of an event would be written: `USER_RUN_VM`, so that one table tells both. */
export function eventNameOf(command: string): string {
  return `USER_${command.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase()}`;
}
