/** A row of the table `audit_log` as JSON, or an event of the REST interface (`/ovirt-engine/api/events`). */
import { parseTimestamp } from '@cadf-pipeline/cadf-model';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { exactTime, guessedTime } from '../../src/normalize/event-time.ts';
import type { LocalClock } from '../../src/normalize/local-clock.ts';
import { nameOfCode } from './event-meaning.ts';
import type { Entity } from './commands.ts';
import type { EntityKind } from './targets.ts';

export interface AuditRow {
  readonly id: string | undefined;
  readonly time: EventTime;
  /** `NAME`, or `EVENT_123` where the code is not known. */
  readonly name: string;
  readonly code: string | undefined;
  readonly message: string;
  readonly user: string | undefined;
  readonly userId: string | undefined;
  /** `normal`, `warning`, `error`, `alert`, also where the row has its number. */
  readonly severity: string | undefined;
  readonly correlation: string | undefined;
  readonly job: string | undefined;
  /** With its name where the row has it. */
  readonly entities: readonly (Entity & { readonly name?: string })[];
}

type Members = ReadonlyMap<string, unknown>;

const ENTITIES: readonly (readonly [member: string, kind: EntityKind])[] = [
  ['vm', 'vm'],
  ['vds', 'host'],
  ['host', 'host'],
  ['storage_domain', 'storage-domain'],
  ['storage_pool', 'data-center'],
  ['data_center', 'data-center'],
  ['cluster', 'cluster'],
  ['vds_group', 'cluster'],
  ['vm_template', 'template'],
  ['template', 'template'],
  ['quota', 'quota'],
  ['gluster_volume', 'volume'],
];

/** Undefined: no JSON object of that kind. `broken`: one without what an event needs. */
export function parseAuditRow(text: string, clock: LocalClock): AuditRow | 'broken' | undefined {
  const members = membersOf(text);
  if (members === undefined) return undefined;
  const message = firstText(members, ['message', 'description']);
  const written = firstValue(members, ['log_time', 'logTime', 'time']);
  const type = firstValue(members, [
    'log_type_name',
    'audit_log_type_name',
    'audit_log_type',
    'log_type',
    'code',
  ]);
  if (written === undefined && type === undefined) return undefined;
  const time = timeOf(written, clock);
  const named = typeOf(type);
  if (time === undefined || named === undefined || message === undefined) return 'broken';
  return {
    id: firstText(members, ['audit_log_id', 'id']),
    time,
    ...named,
    message,
    user:
      firstText(members, ['user_name']) ??
      nested(members, 'user', 'name') ??
      nested(members, 'user', 'user_name'),
    userId: firstText(members, ['user_id']) ?? nested(members, 'user', 'id'),
    severity: severityOf(firstText(members, ['severity'])),
    correlation: firstText(members, ['correlation_id']),
    job: firstText(members, ['job_id']) ?? nested(members, 'job', 'id'),
    entities: ENTITIES.flatMap(([member, kind]) => entityOf(members, member, kind)),
  };
}

function membersOf(text: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? new Map(Object.entries(value))
      : undefined;
  } catch {
    return undefined;
  }
}

/** Numbers of AuditLogSeverity. */
const SEVERITIES: Readonly<Record<string, string>> = { 0: 'normal', 1: 'warning', 2: 'error', 10: 'alert' };

function severityOf(written: string | undefined): string | undefined {
  return written === undefined ? undefined : (SEVERITIES[written] ?? written.slice(0, 40));
}

function entityOf(
  members: Members,
  member: string,
  kind: EntityKind,
): (Entity & { readonly name?: string })[] {
  const id = firstText(members, [`${member}_id`]) ?? nested(members, member, 'id');
  const name = firstText(members, [`${member}_name`]) ?? nested(members, member, 'name');
  const key = id ?? name;
  return key === undefined ? [] : [{ id: key, kind, ...(name === undefined ? {} : { name }) }];
}

function typeOf(type: unknown): Pick<AuditRow, 'name' | 'code'> | undefined {
  const written = typeof type === 'number' ? String(type) : type;
  if (typeof written !== 'string' || written === '') return undefined;
  if (/^[A-Z][A-Z0-9_]{1,200}$/.test(written)) return { name: written, code: undefined };
  const code = written.replaceAll(/\D/g, '');
  return code === '' ? undefined : { name: nameOfCode(code) ?? `EVENT_${code}`, code };
}

/** Milliseconds since 1970, or a text with or without a zone (PostgreSQL writes hours only). */
function timeOf(written: unknown, clock: LocalClock): EventTime | undefined {
  if (typeof written === 'number') return Number.isFinite(written) ? exactTime(written) : undefined;
  if (typeof written !== 'string') return undefined;
  if (/^\d{12,14}$/.test(written)) return exactTime(Number(written));
  const parsed = parseTimestamp(
    written
      .replace(' ', 'T')
      .replace(',', '.')
      .replace(/([+-]\d\d)$/, '$1:00'),
  );
  if (parsed === undefined) return undefined;
  if (parsed.zone !== 'assumed-utc') return exactTime(parsed.epochMs);
  const { epochMs, certain } = clock.toInstant(parsed.epochMs);
  return certain ? exactTime(epochMs) : guessedTime(epochMs, 'zone');
}

function firstValue(members: Members, names: readonly string[]): unknown {
  for (const name of names) {
    const value = members.get(name);
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

function firstText(members: Members, names: readonly string[]): string | undefined {
  const value = firstValue(members, names);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function nested(members: Members, member: string, name: string): string | undefined {
  const value = members.get(member);
  if (typeof value !== 'object' || value === null) return undefined;
  return firstText(new Map(Object.entries(value)), [name]);
}
