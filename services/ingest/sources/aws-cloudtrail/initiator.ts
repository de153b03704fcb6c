/** Who did it: `userIdentity` (User Guide, "CloudTrail userIdentity element"), from where and with what. */
import { isIP } from 'node:net';
import type { Resource } from '@cadf-pipeline/cadf-model';
import { shortName, UNKNOWN_ID, uriPart } from '../../src/normalize/resources.ts';
import { accountOf, membersOf, textOf } from './cloudtrail-record.ts';
import type { CloudTrailRecord } from './cloudtrail-record.ts';
import { serviceOf } from './services.ts';

const TYPES: Readonly<Record<string, string>> = {
  Root: 'data/security/account/admin',
  IAMUser: 'data/security/account/user',
  AssumedRole: 'data/security/role',
  Role: 'data/security/role',
  FederatedUser: 'data/security/account/user',
  Directory: 'data/security/account/user',
  SAMLUser: 'data/security/account/user',
  WebIdentityUser: 'data/security/account/user',
  IdentityCenterUser: 'data/security/account/user',
  AWSAccount: 'data/security/account',
  AWSService: 'service',
};
/** What CloudTrail writes for a name that may be a password typed into the wrong field. */
const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

export function initiatorOf(record: CloudTrailRecord): Resource {
  const { userIdentity, eventType, eventSource } = record;
  const type = textOf(userIdentity['type']);
  const invokedBy = textOf(userIdentity['invokedBy']);
  const host = hostOf(record);
  // Not called by anybody: the service did it by itself.
  const caller =
    type === 'AWSService'
      ? principalOf(invokedBy)
      : type === undefined && eventType === 'AwsServiceEvent'
        ? (principalOf(invokedBy) ?? eventSource)
        : undefined;
  if (caller !== undefined) return { ...serviceOf(caller), ...host };
  const id = identifierOf(record);
  const account = accountOf(userIdentity['accountId']);
  const typeURI =
    (type === undefined ? undefined : Object.hasOwn(TYPES, type) ? TYPES[type] : undefined) ?? 'unknown';
  const name = nameOf(record);
  return {
    id: id === undefined ? UNKNOWN_ID : uriPart(id),
    typeURI: id === undefined ? 'unknown' : typeURI,
    ...(name === undefined ? {} : { name: shortName(name) }),
    ...(account === undefined ? {} : { domain: account }),
    ...host,
  };
}

/** `config.amazonaws.com`; `AWS Internal` names nobody. */
function principalOf(invokedBy: string | undefined): string | undefined {
  return invokedBy?.includes(' ') === true ? undefined : invokedBy;
}

/** Names of SAML and web identity users are unique within their provider. */
function identifierOf({ userIdentity, recipientAccountId }: CloudTrailRecord): string | undefined {
  const onBehalfOf = membersOf(userIdentity['onBehalfOf']);
  const userName = userNameOf(userIdentity['userName']);
  const account = accountOf(userIdentity['accountId']);
  const provider = textOf(userIdentity['identityProvider']);
  return (
    textOf(userIdentity['arn']) ??
    textOf(userIdentity['principalId']) ??
    textOf(onBehalfOf?.['userId']) ??
    (userName === undefined
      ? userIdentity['type'] === 'Root' || userIdentity['type'] === 'AWSAccount'
        ? account
        : undefined
      : [provider ?? account ?? recipientAccountId, 'user', userName]
          .filter((part) => part !== undefined)
          .join('/'))
  );
}

/** `userName`; of a session of a role `ROLE/SESSION`, as its ARN ends. */
function nameOf({ userIdentity }: CloudTrailRecord): string | undefined {
  const userName = userNameOf(userIdentity['userName']);
  if (userName !== undefined) return userName;
  if (userIdentity['type'] === 'Root') return 'root';
  const arn = textOf(userIdentity['arn']);
  return arn === undefined || !arn.includes('/') ? undefined : arn.slice(arn.indexOf('/') + 1);
}

function userNameOf(value: unknown): string | undefined {
  const name = textOf(value);
  return name === HIDDEN ? undefined : name;
}

/** `sourceIPAddress` is an address, the name of a service, or words such as `AWS Internal`. */
function hostOf({ sourceAddress, userAgent }: CloudTrailRecord): Pick<Resource, 'host'> {
  const host = {
    ...(sourceAddress === undefined
      ? {}
      : isIP(sourceAddress) === 0
        ? { id: uriPart(sourceAddress) }
        : { address: sourceAddress }),
    ...(userAgent === undefined ? {} : { agent: shortName(userAgent) }),
  };
  return Object.keys(host).length === 0 ? {} : { host };
}
