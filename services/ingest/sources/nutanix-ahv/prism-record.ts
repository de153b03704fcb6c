/**
 * Prism's audit trail, `consolidated_audit.log`: a JSON object per line. Members after what collectors of it publish; no
 * document of the vendor lists them, so each may be missing and unknown ones are no fault.
 */
import { isMembers } from '@cadf-pipeline/cadf-model';
import type { Members } from '@cadf-pipeline/cadf-model';

export interface Entity {
  readonly type: string;
  readonly name: string | undefined;
  readonly uuid: string | undefined;
}

export interface PrismRecord {
  /** `Audit`; alerts and events come through the same module. */
  readonly recordType: string | undefined;
  /** `VmPowerOnAudit`. */
  readonly alertUid: string | undefined;
  readonly operationType: string | undefined;
  readonly message: string | undefined;
  readonly status: string | undefined;
  readonly epochMs: number | undefined;
  readonly uuid: string | undefined;
  readonly cluster: string | undefined;
  readonly userName: string | undefined;
  readonly userUuid: string | undefined;
  readonly clientIp: string | undefined;
  readonly agent: string | undefined;
  readonly entities: readonly Entity[];
  readonly params: Members | undefined;
}

const MAX_ENTITIES = 100;
/** Said of every record; one of them has to be there. */
const MARKS = ['alertUid', 'operationType', 'recordType', 'affectedEntityList'];

/** Undefined where the text is no JSON object of this kind. */
export function readPrismRecord(text: string): PrismRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isMembers(value) || !MARKS.some((mark) => Object.hasOwn(value, mark))) return undefined;
  const params = isMembers(value['params']) ? value['params'] : undefined;
  return {
    recordType: textOf(value['recordType']),
    alertUid: textOf(value['alertUid']),
    operationType: textOf(value['operationType']),
    message: textOf(value['defaultMsg']),
    status: textOf(value['status']) ?? textOf(value['operationStatus']),
    epochMs:
      micros(value['creationTimestampUsecs']) ??
      micros(value['opEndTimestampUsecs']) ??
      micros(value['opStartTimestampUsecs']),
    uuid: textOf(value['uuid']),
    cluster: textOf(value['originatingClusterUuid']),
    userName: textOf(value['userName']) ?? textOf(params?.['audit_user']),
    userUuid: textOf(value['userUuid']),
    clientIp: textOf(value['clientIp']) ?? textOf(params?.['ip_address']),
    agent: textOf(params?.['browser_info']),
    entities: entitiesOf(value['affectedEntityList']),
    params,
  };
}

function entitiesOf(list: unknown): Entity[] {
  if (!Array.isArray(list)) return [];
  return list
    .slice(0, MAX_ENTITIES)
    .filter((entity) => isMembers(entity))
    .map((entity) => ({
      type: textOf(entity['entityType']) ?? '',
      name: textOf(entity['name']),
      uuid: textOf(entity['uuid']),
    }));
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Microseconds, written as a text. */
function micros(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,17}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number > 0
    ? Math.floor(number / 1000)
    : undefined;
}
