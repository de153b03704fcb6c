/** What the names of operations mean in CADF's actions. Names are a verb and what it is about: `DeleteBucketPolicy`. */
import type { CloudTrailRecord } from './cloudtrail-record.ts';
import { isNamedAfter } from './target.ts';

export interface Meaning {
  readonly action: string;
  readonly rule: string;
}

/** By whole name, with its rule; before verbs. */
const NAMES: Readonly<Record<string, readonly [action: string, rule: string]>> = {
  ConsoleLogin: ['authenticate/login', 'sign-in-login'],
  Logout: ['authenticate/logout', 'sign-in-logout'],
  CheckMfa: ['authenticate', 'sign-in-mfa'],
  CredentialChallenge: ['authenticate', 'sign-in-challenge'],
  CredentialVerification: ['authenticate', 'sign-in-verification'],
  UserAuthentication: ['authenticate/login', 'sign-in-authentication'],
  SwitchRole: ['authenticate', 'sign-in-switch-role'],
  ExitRole: ['authenticate', 'sign-in-exit-role'],
  RenewRole: ['renew', 'sign-in-renew-role'],
  GetSigninToken: ['authenticate', 'sign-in-token'],
  PasswordRecoveryRequested: ['update', 'sign-in-password-recovery'],
  PasswordRecoveryCompleted: ['update', 'sign-in-password-recovery'],
  AssumeRole: ['authenticate', 'sts-assume-role'],
  AssumeRoleWithSAML: ['authenticate', 'sts-assume-role'],
  AssumeRoleWithWebIdentity: ['authenticate', 'sts-assume-role'],
  AssumeRoot: ['authenticate', 'sts-assume-role'],
  GetSessionToken: ['authenticate', 'sts-session-token'],
  GetFederationToken: ['authenticate', 'sts-federation-token'],
  PutObject: ['create', 'call-put-object'],
  CopyObject: ['create', 'call-copy-object'],
  CompleteMultipartUpload: ['create', 'call-put-object'],
  CreateSnapshot: ['capture', 'call-create-snapshot'],
  CreateImage: ['capture', 'call-create-image'],
  AttachUserPolicy: ['allow', 'call-attach-policy'],
  AttachRolePolicy: ['allow', 'call-attach-policy'],
  AttachGroupPolicy: ['allow', 'call-attach-policy'],
  DetachUserPolicy: ['revoke', 'call-detach-policy'],
  DetachRolePolicy: ['revoke', 'call-detach-policy'],
  DetachGroupPolicy: ['revoke', 'call-detach-policy'],
};

const VERBS: Readonly<Record<string, string>> = {
  Get: 'read',
  List: 'read/list',
  Describe: 'read',
  Head: 'read',
  Lookup: 'read',
  Search: 'read',
  Query: 'read',
  Scan: 'read',
  Select: 'read',
  Download: 'read',
  View: 'read',
  Create: 'create',
  Run: 'create',
  Allocate: 'create',
  Register: 'create',
  Import: 'create',
  Upload: 'create',
  Delete: 'delete',
  Terminate: 'delete',
  Deregister: 'delete',
  Release: 'delete',
  Purge: 'update/purge',
  Update: 'update',
  Modify: 'update',
  Put: 'update',
  Set: 'update',
  Change: 'update',
  Edit: 'update',
  Rename: 'update',
  Replace: 'update',
  Reset: 'update',
  Rotate: 'update',
  Tag: 'update/tag',
  Untag: 'update/untag',
  Add: 'update/add',
  Remove: 'update/remove',
  Attach: 'update/attach',
  Detach: 'update/detach',
  Associate: 'update/associate',
  Disassociate: 'update/disassociate',
  Enable: 'enable',
  Activate: 'enable',
  Disable: 'disable',
  Deactivate: 'disable',
  Suspend: 'disable',
  Start: 'start',
  Reboot: 'start/reboot',
  Invoke: 'start/invoke',
  Stop: 'stop',
  Restore: 'restore',
  Backup: 'backup',
  Deploy: 'deploy',
  Send: 'send',
  Publish: 'send',
  Receive: 'receive',
  Authorize: 'allow',
  Grant: 'allow',
  Revoke: 'revoke',
  Renew: 'renew',
};

/**
 * What is created in or deleted from a thing leaves the thing there: `DeleteAccessKey` of a user, `DeleteBucketPolicy`,
 * `CreatePolicyVersion` are changes of it.
 */
const OF_A_PART: Readonly<Record<string, string>> = { create: 'update/add', delete: 'update/remove' };

/** `kind`: of the target, where it is known (target.ts). */
export function meaningOf(record: CloudTrailRecord, kind: string | undefined): Meaning {
  const meaning = ofName(record);
  const changed = Object.hasOwn(OF_A_PART, meaning.action) ? OF_A_PART[meaning.action] : undefined;
  if (changed === undefined || kind === undefined || isNamedAfter(record.eventName, kind)) return meaning;
  const prefix = meaning.rule.startsWith('service-') ? 'service' : 'call';
  return { action: changed, rule: `${prefix}-${changed.replaceAll('/', '-')}` };
}

function ofName(record: CloudTrailRecord): Meaning {
  const { eventName, eventType, isReadOnly } = record;
  if (isInsight(record)) return { action: 'notify', rule: 'insight' };
  const isService = eventType === 'AwsServiceEvent';
  const named = Object.hasOwn(NAMES, eventName) ? NAMES[eventName] : undefined;
  if (named !== undefined && (!isService || named[1].startsWith('sign-in')))
    return { action: named[0], rule: named[1] };
  // `BatchGetItem`, `BatchDeleteImage`.
  const word = /^(?:Batch)?([A-Z][a-z]{1,20})/.exec(eventName)?.[1] ?? '';
  const action = Object.hasOwn(VERBS, word) ? VERBS[word] : undefined;
  if (action !== undefined) {
    return { action, rule: `${isService ? 'service' : 'call'}-${action.replaceAll('/', '-')}` };
  }
  return isReadOnly === true
    ? { action: 'read', rule: 'read-only' }
    : { action: 'unknown', rule: 'unmapped-event' };
}

export function isInsight({ eventType, eventCategory, insightDetails }: CloudTrailRecord): boolean {
  return (
    eventType === 'AwsCloudTrailInsight' || (eventCategory === 'Insight' && insightDetails !== undefined)
  );
}
