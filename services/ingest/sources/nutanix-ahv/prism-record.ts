/**
 * Prism's audit trail: `consolidated_audit.log`, a JSON object per line, and the same as the REST interfaces answer it:
 * audits of v4 (`auditType`, `extId`, ISO times), events of v1 (`alertTypeUuid`, `contextTypes`), both also with
 * `snake_case`. Members of the log after what collectors of it publish; each may be missing and unknown ones are no fault.
 */
import { isMembers, parseTimestamp } from '@cadf-pipeline/cadf-model';
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
const MARKS = ['alertUid', 'operationType', 'recordType', 'affectedEntityList', 'auditType', 'alertTypeUuid'];

/** Undefined where the text is no JSON object of this kind. */
export function readPrismRecord(text: string): PrismRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isMembers(value)) return undefined;
  const members = isAudit(value) ? value : withoutUnderscores(value);
  if (!isAudit(members)) return undefined;
  const params = paramsOf(members);
  const person = isMembers(members['userReference']) ? members['userReference'] : undefined;
  const cluster = isMembers(members['clusterReference']) ? members['clusterReference'] : undefined;
  const eventType = textOf(members['alertTypeUuid']);
  return {
    recordType:
      textOf(members['recordType']) ??
      (eventType === undefined || eventType.endsWith('Audit') ? undefined : 'Event'),
    alertUid: textOf(members['alertUid']) ?? textOf(members['auditType']) ?? eventType,
    operationType: textOf(members['operationType']),
    message: textOf(members['defaultMsg']) ?? textOf(members['message']),
    status: textOf(members['status']) ?? textOf(members['operationStatus']),
    epochMs: timeOf(members),
    uuid: textOf(members['uuid']) ?? textOf(members['extId']) ?? textOf(members['id']),
    cluster:
      textOf(members['originatingClusterUuid']) ??
      textOf(members['clusterUuid']) ??
      textOf(cluster?.['extId']),
    userName: textOf(members['userName']) ?? textOf(person?.['name']) ?? textOf(params?.['audit_user']),
    userUuid: textOf(members['userUuid']) ?? textOf(person?.['extId']),
    clientIp: textOf(members['clientIp']) ?? textOf(person?.['ipAddress']) ?? textOf(params?.['ip_address']),
    agent: textOf(params?.['browser_info']),
    entities: entitiesOf(members['affectedEntityList'] ?? members['affectedEntities']),
    params,
  };
}

function isAudit(value: Members): boolean {
  return MARKS.some((mark) => Object.hasOwn(value, mark));
}

/** `alert_type_uuid` → `alertTypeUuid`, of the members of the record itself. */
function withoutUnderscores(value: Members): Members {
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.replaceAll(/(?<=[a-z])_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      member,
    ]),
  );
}

function timeOf(members: Members): number | undefined {
  return (
    micros(members['creationTimestampUsecs']) ??
    micros(members['createdTimeStampInUsecs']) ??
    instant(members['creationTime']) ??
    micros(members['opEndTimestampUsecs']) ??
    instant(members['operationEndTime']) ??
    micros(members['opStartTimestampUsecs']) ??
    instant(members['operationStartTime'])
  );
}

/** An object, in v4 a list of `{paramName, paramValue}`, in v1 two lists of the same length. */
function paramsOf(members: Members): Members | undefined {
  const { params, parameters, contextTypes: names, contextValues: values } = members;
  if (isMembers(params)) return params;
  if (Array.isArray(parameters)) {
    return Object.fromEntries(
      parameters
        .slice(0, MAX_ENTITIES)
        .filter((one) => isMembers(one))
        .map((one) => [textOf(one['paramName']) ?? '', paramValue(one['paramValue'])]),
    );
  }
  if (!Array.isArray(names) || !Array.isArray(values)) return undefined;
  return Object.fromEntries(
    names.slice(0, MAX_ENTITIES).map((name, index): [string, unknown] => [String(name), values[index]]),
  );
}

/** `{"stringValue":"web-01"}`. */
function paramValue(value: unknown): unknown {
  return isMembers(value) ? value['stringValue'] : value;
}

function entitiesOf(list: unknown): Entity[] {
  if (!Array.isArray(list)) return [];
  return list
    .slice(0, MAX_ENTITIES)
    .filter((entity) => isMembers(entity))
    .map((entity) => ({
      type: textOf(entity['entityType']) ?? textOf(entity['entity_type']) ?? textOf(entity['type']) ?? '',
      name: textOf(entity['name']) ?? textOf(entity['entityName']) ?? textOf(entity['entity_name']),
      uuid: textOf(entity['uuid']) ?? textOf(entity['extId']) ?? textOf(entity['id']),
    }));
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Microseconds, written as a text. */
function micros(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,30}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number > 0
    ? Math.floor(number / 1000)
    : undefined;
}

function instant(value: unknown): number | undefined {
  return typeof value === 'string' ? parseTimestamp(value)?.epochMs : undefined;
}
