/**
 * The classes of OCSF that CADF events become, and their activities, by the numbers and names of the published schema
 * (https://schema.ocsf.io, version 1.5.0; the test compares).
 */

export const OCSF_VERSION = '1.5.0';

export interface OcsfClass {
  readonly uid: number;
  readonly name: string;
  readonly categoryUid: number;
  readonly categoryName: string;
  /** Names of `activity_id`, but for those all classes have. */
  readonly activities: Readonly<Record<number, string>>;
}

const IAM = { categoryUid: 3, categoryName: 'Identity & Access Management' };

export const CLASSES = {
  base: { uid: 0, name: 'Base Event', categoryUid: 0, categoryName: 'Uncategorized', activities: {} },
  accountChange: {
    uid: 3001,
    name: 'Account Change',
    ...IAM,
    activities: {
      1: 'Create',
      2: 'Enable',
      3: 'Password Change',
      4: 'Password Reset',
      5: 'Disable',
      6: 'Delete',
      9: 'Lock',
      12: 'Unlock',
    },
  },
  authentication: { uid: 3002, name: 'Authentication', ...IAM, activities: { 1: 'Logon', 2: 'Logoff' } },
  entityManagement: {
    uid: 3004,
    name: 'Entity Management',
    ...IAM,
    activities: { 1: 'Create', 2: 'Read', 3: 'Update', 4: 'Delete', 8: 'Enable', 9: 'Disable' },
  },
  userAccess: {
    uid: 3005,
    name: 'User Access Management',
    ...IAM,
    activities: { 1: 'Assign Privileges', 2: 'Revoke Privileges' },
  },
  groupManagement: {
    uid: 3006,
    name: 'Group Management',
    ...IAM,
    activities: {
      1: 'Assign Privileges',
      2: 'Revoke Privileges',
      3: 'Add User',
      4: 'Remove User',
      5: 'Delete',
      6: 'Create',
    },
  },
  apiActivity: {
    uid: 6003,
    name: 'API Activity',
    categoryUid: 6,
    categoryName: 'Application Activity',
    activities: { 1: 'Create', 2: 'Read', 3: 'Update', 4: 'Delete' },
  },
} as const satisfies Readonly<Record<string, OcsfClass>>;

export const UNKNOWN = 0;
export const OTHER = 99;

/** A class with one of its activities. */
export interface OcsfActivity {
  readonly of: OcsfClass;
  readonly id: number;
  /** The caption of the activity; for `OTHER` the action as the event has it. */
  readonly name: string;
}

export function activityOf(of: OcsfClass, id: number, action: string): OcsfActivity {
  if (id === UNKNOWN) return { of, id, name: 'Unknown' };
  return { of, id, name: of.activities[id] ?? action };
}
