/** What it was done to: an ARN that the record names, a name in the request, or the service. */
import type { Members, Resource } from '@cadf-pipeline/cadf-model';
import { qualifiedId, resource, uriPart } from '../../src/normalize/resources.ts';
import { accountOf, membersOf, textOf } from './cloudtrail-record.ts';
import type { CloudTrailRecord } from './cloudtrail-record.ts';
import { shortOf } from './services.ts';

/** By service and kind of resource, as in ARNs and (lower case) in resource types of CloudFormation. */
const TYPES: Readonly<Record<string, string>> = {
  's3:object': 'data/file',
  's3:bucket': 'storage/container',
  'ec2:instance': 'compute/machine/vm',
  'ec2:volume': 'storage/volume',
  'ec2:snapshot': 'data/image',
  'ec2:image': 'data/image',
  'ec2:security-group': 'network/node/firewall',
  'ec2:securitygroup': 'network/node/firewall',
  'ec2:vpc': 'network/domain',
  'ec2:subnet': 'network/domain',
  'ec2:key-pair': 'data/security/key',
  'ec2:vpc-endpoint': 'data/security/endpoint',
  'iam:user': 'data/security/account/user',
  'iam:role': 'data/security/role',
  'iam:group': 'data/security/group',
  'iam:policy': 'data/security/policy',
  'iam:accesskey': 'data/security/credential',
  'iam:instance-profile': 'data/security/profile',
  'iam:saml-provider': 'data/security/service',
  'iam:oidc-provider': 'data/security/service',
  'iam:root': 'data/security/account/admin',
  'sts:assumed-role': 'data/security/role',
  'sts:assumedrole': 'data/security/role',
  'kms:key': 'data/security/key',
  'kms:alias': 'data/security/key',
  'secretsmanager:secret': 'data/security/keymanager/secret',
  'lambda:function': 'data/workload/app',
  'dynamodb:table': 'data/database/table',
  'rds:db': 'data/database/instance',
  'rds:dbinstance': 'data/database/instance',
  'rds:cluster': 'data/database/instance',
  'cloudtrail:trail': 'data/log',
  'logs:log-group': 'data/log',
  'logs:loggroup': 'data/log',
  'sqs:queue': 'storage/queue',
  'sns:topic': 'data/message/stream',
  'cloudformation:stack': 'data/template',
};
const ARN =
  /^arn:aws[a-z-]{0,30}:(?<service>[a-z0-9-]{1,63}):[a-z0-9-]{0,40}:(?<account>[a-z0-9]{0,20}):(?<rest>.{1,2000})$/s;

/** Names in requests, by service; the first that is there. An ARN among them is taken as one. */
const NAMES: Readonly<Record<string, readonly (readonly [member: string, kind: string])[]>> = {
  s3: [['bucketName', 'bucket']],
  iam: [
    ['policyArn', 'policy'],
    ['userName', 'user'],
    ['roleName', 'role'],
    ['groupName', 'group'],
    ['policyName', 'policy'],
    ['instanceProfileName', 'instance-profile'],
  ],
  sts: [['roleArn', 'role']],
  ec2: [
    ['instanceId', 'instance'],
    ['volumeId', 'volume'],
    ['snapshotId', 'snapshot'],
    ['imageId', 'image'],
    ['groupId', 'security-group'],
    ['subnetId', 'subnet'],
    ['vpcId', 'vpc'],
    ['keyName', 'key-pair'],
  ],
  lambda: [['functionName', 'function']],
  kms: [['keyId', 'key']],
  dynamodb: [['tableName', 'table']],
  rds: [['dBInstanceIdentifier', 'db']],
  secretsmanager: [['secretId', 'secret']],
  cloudtrail: [['name', 'trail']],
  logs: [['logGroupName', 'log-group']],
  cloudformation: [['stackName', 'stack']],
  sns: [['topicArn', 'topic']],
};
/** Of attaching a policy, the one who gets or loses it is the target; the policy stays in the record. */
const OF_POLICY = /^(?:Attach|Detach)(?:User|Role|Group)Policy$/;

/** Things that others are made of: a machine that is created from an image does not change the image. */
const INGREDIENTS = new Set(['image', 'snapshot', 'subnet', 'key-pair', 'security-group']);

export interface Target {
  readonly resource: Resource;
  /** `user`, `bucket`: of kinds in the table only. */
  readonly kind?: string;
}

/** Undefined where the record names nothing. */
export function targetOf(record: CloudTrailRecord): Target | undefined {
  return fromResources(record.resources) ?? ofCreated(record) ?? fromRequest(record);
}

/** The others of several. */
export function otherResources({ resources }: CloudTrailRecord): readonly Members[] {
  return resources.length < 2 ? [] : resources;
}

function fromResources(resources: readonly Members[]): Target | undefined {
  for (const one of resources) {
    const arn = arnOf(one);
    if (arn === undefined) continue;
    const found = fromArn(arn, textOf(one['type']));
    const account = found.resource.domain ?? accountOf(one['accountId']);
    return account === undefined ? found : { ...found, resource: { ...found.resource, domain: account } };
  }
  return undefined;
}

function arnOf(one: Members): string | undefined {
  return textOf(one['ARN']) ?? textOf(one['arn']);
}

/** `type`: `AWS::S3::Object`. */
function fromArn(arn: string, type?: string): Target {
  const { service = '', account, rest = '' } = ARN.exec(arn)?.groups ?? {};
  // ARNs of buckets and objects have no account; access points do.
  const isS3 = service === 's3' && account === '';
  const kind = isS3 ? (rest.includes('/') ? 'object' : 'bucket') : kindOf(service, rest);
  const known = typeOf(`${service}:${kind}`);
  const typeURI = known ?? typeOf(kindOfType(type)) ?? 'unknown';
  const name = isS3 ? rest : rest.slice(rest.search(/[/:]/) + 1);
  const owner = accountOf(account);
  const made = resource(typeURI, uriPart(arn), name === '' ? undefined : name);
  return {
    resource: owner === undefined ? made : { ...made, domain: owner },
    ...(known === undefined ? {} : { kind }),
  };
}

/** Queues and topics have no kind in their ARN. */
function kindOf(service: string, rest: string): string {
  if (service === 'sqs') return 'queue';
  if (service === 'sns') return 'topic';
  const end = rest.search(/[/:]/);
  return end < 0 ? rest : rest.slice(0, end);
}

function kindOfType(type: string | undefined): string {
  const [, service = '', kind = ''] = type?.split('::') ?? [];
  return `${service}:${kind}`.toLowerCase();
}

function typeOf(key: string): string | undefined {
  return Object.hasOwn(TYPES, key) ? TYPES[key] : undefined;
}

/** Of what was just made, the answer has the ARN: `{"user":{"arn":…}}`, `{"role":{"arn":…}}`. */
function ofCreated({ eventName, responseElements }: CloudTrailRecord): Target | undefined {
  if (!eventName.startsWith('Create')) return undefined;
  const made = eventName.slice('Create'.length);
  const member = membersOf(responseElements[made.charAt(0).toLowerCase() + made.slice(1)]);
  const arn = textOf(member?.['arn']);
  return arn === undefined || !ARN.test(arn) ? undefined : fromArn(arn);
}

function fromRequest(record: CloudTrailRecord): Target | undefined {
  const { eventSource, eventName, region, requestParameters, responseElements } = record;
  const service = shortOf(eventSource);
  const names = Object.hasOwn(NAMES, service) ? (NAMES[service] ?? []) : [];
  for (const [member, kind] of names) {
    if (member === 'policyArn' && OF_POLICY.test(eventName)) continue;
    if (INGREDIENTS.has(kind) && /^(?:Create|Run|Request)/.test(eventName) && !isNamedAfter(eventName, kind))
      continue;
    const value =
      textOf(requestParameters[member]) ??
      itemOf(requestParameters, member) ??
      textOf(responseElements[member]) ??
      itemOf(responseElements, member);
    if (value === undefined) continue;
    if (ARN.test(value)) return fromArn(value);
    // ARNs of S3 have neither region nor account: the name alone is unique.
    const key = service === 's3' ? textOf(requestParameters['key']) : undefined;
    if (service === 's3') return fromArn(`arn:aws:s3:::${value}${key === undefined ? '' : `/${key}`}`);
    const scope = [record.recipientAccountId, service === 'iam' ? undefined : region, service];
    const id = qualifiedId(...scope.filter((part) => part !== undefined), kind, value);
    return { resource: resource(typeOf(`${service}:${kind}`) ?? 'unknown', id, value), kind };
  }
  return undefined;
}

/** Names of operations that do not end with the kind as ARNs have it. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  db: 'dbinstance',
  'oidc-provider': 'openidconnectprovider',
};

/**
 * Whether an operation is about things of a kind, and not about a part of one: `DeleteUser`, not `DeleteUserPolicy`.
 * Names may be plural or end in a version (`CreateFunction20150331`).
 */
export function isNamedAfter(eventName: string, kind: string): boolean {
  const word = (Object.hasOwn(OTHER_WORDS, kind) ? OTHER_WORDS[kind] : undefined) ?? kind.replaceAll('-', '');
  const noun = eventName.toLowerCase().replace(/(?:v?\d{1,8}){1,2}$/, '');
  return noun.endsWith(word) || noun.endsWith(`${word}s`);
}

/** EC2 has lists: `{"instancesSet":{"items":[{"instanceId":"i-…"}]}}`. */
function itemOf(members: Members, name: string): string | undefined {
  for (const member of Object.values(members)) {
    const items = membersOf(member)?.['items'];
    if (!Array.isArray(items)) continue;
    const found = textOf(membersOf(items[0])?.[name]);
    if (found !== undefined) return found;
  }
  return undefined;
}
