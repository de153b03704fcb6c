/**
 * One record of CloudTrail (User Guide, "CloudTrail record contents"). Members come and go with the version of the event;
 * each may be missing but those without which it is no record: eventTime, eventSource, eventName.
 */
import { isMembers, parseTimestamp } from '@cadf-pipeline/cadf-model';
import type { Members } from '@cadf-pipeline/cadf-model';

export interface CloudTrailRecord {
  readonly epochMs: number;
  /** `s3.amazonaws.com`. */
  readonly eventSource: string;
  readonly eventName: string;
  /** `AwsApiCall`, `AwsServiceEvent`, `AwsConsoleSignIn`, `AwsConsoleAction`, `AwsCloudTrailInsight`, `AwsVpceEvent`. */
  readonly eventType: string | undefined;
  /** `Management`, `Data`, `Insight`, `NetworkActivity`. */
  readonly eventCategory: string | undefined;
  readonly eventId: string | undefined;
  readonly sharedEventId: string | undefined;
  readonly requestId: string | undefined;
  readonly region: string | undefined;
  readonly recipientAccountId: string | undefined;
  readonly isReadOnly: boolean | undefined;
  readonly errorCode: string | undefined;
  readonly errorMessage: string | undefined;
  readonly sourceAddress: string | undefined;
  readonly userAgent: string | undefined;
  readonly vpcEndpointId: string | undefined;
  /** Why a record comes late or again. */
  readonly addendum: string | undefined;
  readonly userIdentity: Members;
  readonly requestParameters: Members;
  readonly responseElements: Members;
  readonly additionalEventData: Members;
  readonly insightDetails: Members | undefined;
  readonly resources: readonly Members[];
}

export type ReadRecord =
  | { readonly record: CloudTrailRecord }
  | { readonly isDigest: true }
  | { readonly fault: 'not-json' | 'not-a-record' | 'no-time' };

const MAX_RESOURCES = 1000;
const NONE: Members = Object.freeze({});

export function readCloudTrailRecord(text: string): ReadRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { fault: 'not-json' };
  }
  if (!isMembers(value)) return { fault: 'not-a-record' };
  if (Array.isArray(value['logFiles']) && textOf(value['digestS3Object']) !== undefined)
    return { isDigest: true };
  // EventBridge wraps the record: detail-type "AWS API Call via CloudTrail".
  const detail = value['detail'];
  const members = isMembers(detail) && textOf(detail['eventVersion']) !== undefined ? detail : value;
  const eventSource = textOf(members['eventSource']);
  const eventName = textOf(members['eventName']);
  if (eventSource === undefined || eventName === undefined) return { fault: 'not-a-record' };
  const parsed = parseTimestamp(textOf(members['eventTime']) ?? '');
  if (parsed === undefined || parsed.zone === 'assumed-utc') return { fault: 'no-time' };
  const addendum = membersOf(members['addendum']);
  return {
    record: {
      epochMs: parsed.epochMs,
      eventSource,
      eventName,
      eventType: textOf(members['eventType']),
      eventCategory: textOf(members['eventCategory']),
      eventId: textOf(members['eventID']),
      sharedEventId: textOf(members['sharedEventID']),
      requestId: textOf(members['requestID']),
      region: textOf(members['awsRegion']),
      recipientAccountId: accountOf(members['recipientAccountId']),
      isReadOnly: booleanOf(members['readOnly']),
      errorCode: textOf(members['errorCode']),
      errorMessage: textOf(members['errorMessage']),
      sourceAddress: textOf(members['sourceIPAddress']),
      userAgent: textOf(members['userAgent']),
      vpcEndpointId: textOf(members['vpcEndpointId']),
      addendum: textOf(addendum?.['reason']),
      userIdentity: membersOf(members['userIdentity']) ?? NONE,
      requestParameters: membersOf(members['requestParameters']) ?? NONE,
      responseElements: membersOf(members['responseElements']) ?? NONE,
      additionalEventData: membersOf(members['additionalEventData']) ?? NONE,
      insightDetails: membersOf(members['insightDetails']),
      resources: listOf(members['resources']),
    },
  };
}

/** A text that says something. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function membersOf(value: unknown): Members | undefined {
  return isMembers(value) ? value : undefined;
}

/** 12 digits; undefined for anything else, such as `ANONYMOUS_PRINCIPAL` or `anonymous`. */
export function accountOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^\d{12}$/.test(value) ? value : undefined;
}

/** Early records have `"true"`. */
function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

function listOf(value: unknown): readonly Members[] {
  return Array.isArray(value) ? value.slice(0, MAX_RESOURCES).filter(isMembers) : [];
}
