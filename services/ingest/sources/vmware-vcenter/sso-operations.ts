/**
 * What an administrative event of Single Sign-On did: its type names only the service (PrincipalManagement …), its
 * description begins with what was done, in words.
 */
import type { Operation } from './operation.ts';
import type { TargetKind } from './target-kinds.ts';

const VERBS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:creating|created|adding local|create)\b/i, 'create'],
  [/\b(?:deleting|deleted|delete)\b/i, 'delete'],
  [/\b(?:removing|removed|remove)\b/i, 'update/remove-member'],
  [/\b(?:adding|added|add)\b/i, 'update/add-member'],
  [/\b(?:disabling|disabled|disable|locking|locked)\b/i, 'disable'],
  [/\b(?:enabling|enabled|enable|unlocking|unlocked)\b/i, 'enable'],
  [/\b(?:updating|updated|update|resetting|reset|changing|changed|setting|set)\b/i, 'update'],
];

/** `short`: the name of the event, as in event-names.ts. */
export function refineSso(short: string, operation: Operation, description: string): Operation {
  if (
    !short.startsWith('sso.') ||
    !/^(?:Principal|Role|IdentitySource|Domain)Management/.test(short.slice(4))
  )
    return operation;
  const start = description.slice(0, 200);
  const found = VERBS.find(([pattern]) => pattern.test(start));
  const isMembership = found?.[1].startsWith('update/') === true;
  const isIdentity = short.startsWith('sso.Principal');
  const kind: TargetKind | undefined = isIdentity
    ? /\bgroup\b/i.test(start)
      ? 'group'
      : 'user'
    : operation.kind;
  if (found === undefined) return { ...operation, kind };
  const plain = found[1].endsWith('add-member') ? 'create' : 'delete';
  const action = isMembership && !(isIdentity && kind === 'group') ? plain : found[1];
  return { ...operation, action, kind, rule: 'sso-administration' };
}

/** `'name'` in a description: whom or what it is about, where it is about one. */
export function quotedName(description: string): string | undefined {
  return /'([^']{1,256})'/.exec(description.slice(0, 1024))?.[1];
}
