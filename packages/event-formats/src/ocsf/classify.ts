/**
 * Which class and activity of OCSF an event becomes, by its type, its action and the type of its target. docs/ocsf.md
 * has the whole map; a test keeps them equal.
 */
import { classifyAction, classifyResource } from '@cadf-pipeline/cadf-model';
import type { Members } from '@cadf-pipeline/cadf-model';
import { textOf } from '../event-parts.ts';
import { activityOf, CLASSES, OTHER, UNKNOWN } from './classes.ts';
import type { OcsfActivity, OcsfClass } from './classes.ts';

type Activities = Readonly<Record<string, number>>;

const API: Activities = { create: 1, read: 2, update: 3, delete: 4, unknown: UNKNOWN };
const ENTITY: Activities = { ...API, enable: 8, disable: 9 };
const GRANT: Activities = { create: 1, enable: 1, delete: 2, disable: 2, revoke: 2, unknown: UNKNOWN };
const GROUP: Activities = { create: 6, delete: 5, unknown: UNKNOWN };
const ACCOUNT: Activities = { create: 1, enable: 2, disable: 5, delete: 6, unknown: UNKNOWN };
/** Below `update`, `enable` or `disable`: segments that say more than the action they stand under. */
const ACCOUNT_SEGMENTS: Activities = { password: 3, 'reset-password': 4, lock: 9, unlock: 12 };
const GROUP_SEGMENTS: Activities = {
  add: 3,
  'add-user': 3,
  'add-member': 3,
  remove: 4,
  'remove-user': 4,
  'remove-member': 4,
};

/** Extensions of OpenStack's identity service beside target: whom a role is given. */
const ROLE_ASSIGNMENT = 'role_assignment';

export function activityOfEvent(event: Members, target: Members): OcsfActivity {
  const action = textOf(event, 'action') ?? 'unknown';
  if (textOf(event, 'eventType') === 'monitor') return activityOf(CLASSES.base, OTHER, action);
  const { canonical } = classifyAction(action);
  const segments = canonical.split('/');
  const root = segments[0] ?? '';
  const type = classifyResource(textOf(target, 'typeURI') ?? '').canonical;
  const found = (of: OcsfClass, by: Activities, more: Activities = {}): OcsfActivity => {
    const special = segments.slice(1).find((segment) => Object.hasOwn(more, segment));
    const id = special === undefined ? (Object.hasOwn(by, root) ? by[root] : OTHER) : more[special];
    return activityOf(of, id ?? OTHER, action);
  };

  if (root === 'authenticate') {
    const leaves = segments.some((segment) => /^log-?o(?:ut|ff)$/.test(segment));
    return activityOf(CLASSES.authentication, leaves ? 2 : 1, action);
  }
  if (segments.includes(ROLE_ASSIGNMENT)) {
    const toGroup = textOf(event, 'group') !== undefined && textOf(event, 'user') === undefined;
    return found(toGroup ? CLASSES.groupManagement : CLASSES.userAccess, GRANT);
  }
  if (root === 'read') return found(CLASSES.apiActivity, API);
  if (isBelow(type, 'data/security/account/user/privilege')) return found(CLASSES.userAccess, GRANT);
  if (isBelow(type, 'data/security/account')) return found(CLASSES.accountChange, ACCOUNT, ACCOUNT_SEGMENTS);
  if (isBelow(type, 'data/security/group')) return found(CLASSES.groupManagement, GROUP, GROUP_SEGMENTS);
  if (isBelow(type, 'data/security')) return found(CLASSES.entityManagement, ENTITY);
  return found(CLASSES.apiActivity, API);
}

/** Whether a type is another or below it, by whole segments. */
export function isBelow(type: string, root: string): boolean {
  return type === root || type.startsWith(`${root}/`);
}
