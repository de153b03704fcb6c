/** Records of AWS CloudTrail: API calls, sign-ins, events of services, data events, Insights. */
import type { Source } from '../../src/source.ts';
import { createNormalizer } from './normalizer.ts';

const VERSION = /"eventVersion"\s{0,4}:\s{0,4}"1\.\d{1,3}"/;
const OF_AWS =
  /"(?:eventSource|invokedBy)"\s{0,4}:\s{0,4}"[a-z0-9.-]{1,80}\.amazonaws\.com"|"arn:aws[a-z-]{0,20}:/;

export const source: Source = {
  id: 'aws-cloudtrail',
  describe: {
    title: 'AWS CloudTrail: management, data, network activity and Insights events',
    vendor: 'Amazon Web Services',
    documents: [
      'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html',
      'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html',
      'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html',
    ],
    framings: ['json'],
  },
  recognize({ message }) {
    const start = message.slice(0, 4096);
    if (!start.trimStart().startsWith('{') || !VERSION.test(start)) return undefined;
    if (OF_AWS.test(start)) return { rule: 'event-of-aws', certainty: 1 };
    return start.includes('"userIdentity"') ? { rule: 'user-identity', certainty: 0.9 } : undefined;
  },
  fields: {
    id: 'recipientAccountId and eventID; without eventID the text of the record',
    eventType: 'control for Insights and for Authorize…, Grant…, Attach…Policy; else activity',
    eventTime: 'eventTime',
    action: 'the verb at the beginning of eventName; sign-in and STS operations by their names',
    outcome: 'errorCode; of sign-ins responseElements',
    'initiator.id': 'userIdentity: arn, else principalId, else the service that invoked',
    'initiator.domain': 'userIdentity.accountId',
    'initiator.host': 'sourceIPAddress, userAgent',
    target: 'the first of resources with an ARN; else a name in requestParameters; else the service',
    'target.domain': 'the account in the ARN, else accountId of the resource',
    'observer.domain':
      'recipientAccountId, else the setting account: whose trail it is; tenants come from it',
    'reason.reasonCode': 'errorCode, else eventName',
    name: 'eventSource and eventName',
    tags: 'operation (sharedEventID); region, category, access-key, mfa, session-issuer, on-behalf-of, invoked-by, request, vpc-endpoint, addendum, redacted',
  },
  rules: {
    'call-*': 'a call whose name begins with a verb of the table',
    'sign-in-*': 'sign-in to the console, change of role, MFA',
    'sts-*': 'credentials asked of the Security Token Service',
    'service-*': 'AwsServiceEvent: done by a service, not called by anybody',
    'read-only': 'a call without a known verb that CloudTrail says changes nothing',
    insight: 'unusual activity that CloudTrail Insights found',
    'unmapped-event': 'a name that begins with no known verb and is not read-only',
    'digest-file': 'a digest file, which has no events; packages/cloudtrail verifies with it',
    'blank-line': 'nothing',
  },
  createNormalizer,
};
