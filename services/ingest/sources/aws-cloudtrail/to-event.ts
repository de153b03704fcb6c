/** Builds the CADF event of a record of CloudTrail. */
import type { CadfEvent, Resource } from '@cadf-pipeline/cadf-model';
import { attachment, createSourceEvents, digestOf } from '../../src/normalize/event-draft.ts';
import type { EventOutcome } from '../../src/normalize/event-draft.ts';
import { exactTime } from '../../src/normalize/event-time.ts';
import { qualifiedId, resource, UNKNOWN_ID } from '../../src/normalize/resources.ts';
import type { RawRecord } from '../../src/source.ts';
import { membersOf, textOf } from './cloudtrail-record.ts';
import type { CloudTrailRecord } from './cloudtrail-record.ts';
import { initiatorOf } from './initiator.ts';
import { isInsight } from './meaning.ts';
import { withoutSecrets } from './secrets.ts';
import { serviceOf } from './services.ts';
import { otherResources } from './target.ts';

const events = createSourceEvents(
  'aws-cloudtrail',
  'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html',
);
const OBSERVER = 'cloudtrail.amazonaws.com';

/** `target`: undefined where the record names none; `account`: whose trail it is, where the record does not say (before version 1.02). */
export function toEvent(
  record: CloudTrailRecord,
  action: string,
  target: Resource | undefined,
  raw: RawRecord,
  account: string | undefined,
): CadfEvent {
  const owner = record.recipientAccountId ?? account;
  const clean = withoutSecrets(raw);
  const insight = isInsight(record) ? insightOf(record) : undefined;
  const others = otherResources(record);
  return events.make([clean.record], {
    identity: [owner ?? '', record.eventId ?? digestOf(raw.text)],
    time: exactTime(record.epochMs),
    action,
    outcome: outcomeOf(record),
    // Nobody is named by an Insight: CloudTrail tells that calls were unusual.
    initiator: insight === undefined ? initiatorOf(record) : serviceOf(OBSERVER),
    target: insight?.target ?? target ?? whatIsNotNamed(record, action),
    observer: observerOf(owner),
    name: insight?.name ?? `${record.eventSource} ${record.eventName}`,
    reasonCode: record.errorCode ?? insight?.type ?? record.eventName,
    ...(record.sharedEventId === undefined ? {} : { operation: record.sharedEventId }),
    tags: tagsOf(record, clean.isRedacted),
    attachments: [
      ...(record.errorMessage === undefined
        ? []
        : [attachment('error-message', 'text/plain', record.errorMessage.toWellFormed())]),
      ...(others.length === 0 ? [] : [attachment('resources', 'application/json', others)]),
    ],
  });
}

/** Calls are made to the service; what was created or deleted is not the service. */
function whatIsNotNamed({ eventSource }: CloudTrailRecord, action: string): Resource {
  return action === 'create' || action === 'delete'
    ? resource('unknown', UNKNOWN_ID)
    : serviceOf(eventSource);
}

/** Without `errorCode` a call succeeded. Sign-ins say it in the answer, and failed ones have no `errorCode` always. */
function outcomeOf({ errorCode, eventName, responseElements, errorMessage }: CloudTrailRecord): EventOutcome {
  if (errorCode !== undefined) return 'failure';
  const told = responseElements[eventName];
  if (told === 'Failure') return 'failure';
  if (told === 'Success') return 'success';
  return errorMessage === undefined ? 'success' : 'failure';
}

/** The tenants of an event come from `observer.domain`: who has the trail is who may see it. */
function observerOf(owner: string | undefined): Resource {
  return {
    id: owner === undefined ? OBSERVER : qualifiedId(OBSERVER, owner),
    typeURI: 'service/oss/logging',
    name: OBSERVER,
    ...(owner === undefined ? {} : { domain: owner }),
  };
}

interface Insight {
  readonly name: string;
  readonly type: string | undefined;
  readonly target: Resource;
}

/** Unusual rates of calls or errors of one operation; a record at the start and one at the end. */
function insightOf({ insightDetails, eventSource, eventName }: CloudTrailRecord): Insight {
  const type = textOf(insightDetails?.['insightType']);
  const state = textOf(insightDetails?.['state']);
  const about = textOf(insightDetails?.['eventSource']);
  const operation = textOf(insightDetails?.['eventName']) ?? eventName;
  const words = [about ?? eventSource, operation, type, state].filter((word) => word !== undefined);
  return { name: words.join(' '), type, target: serviceOf(about ?? eventSource) };
}

function tagsOf(record: CloudTrailRecord, isRedacted: boolean): string[] {
  const { userIdentity, eventCategory } = record;
  const session = membersOf(userIdentity['sessionContext']);
  const issuer = membersOf(session?.['sessionIssuer']);
  const attributes = membersOf(session?.['attributes']);
  const onBehalfOf = membersOf(userIdentity['onBehalfOf']);
  const isService = userIdentity['type'] === 'AWSService' || userIdentity['type'] === undefined;
  const values: readonly (readonly [string, string | undefined])[] = [
    ['region', record.region],
    ['category', eventCategory === 'Management' ? undefined : eventCategory],
    ['access-key', textOf(userIdentity['accessKeyId'])],
    ['mfa', mfaOf(attributes?.['mfaAuthenticated'] ?? record.additionalEventData['MFAUsed'])],
    ['session-issuer', textOf(issuer?.['arn'])],
    ['on-behalf-of', textOf(onBehalfOf?.['userId'])],
    ['invoked-by', isService ? undefined : textOf(userIdentity['invokedBy'])],
    ['request', record.requestId],
    ['vpc-endpoint', record.vpcEndpointId],
    ['addendum', record.addendum],
    ['redacted', isRedacted ? 'record' : undefined],
  ];
  return values.flatMap(([name, value]) =>
    value === undefined ? [] : [events.tag(name, value.slice(0, 512))],
  );
}

function mfaOf(value: unknown): string | undefined {
  if (value === 'true' || value === true || value === 'Yes') return 'true';
  return value === 'false' || value === false || value === 'No' ? 'false' : undefined;
}
