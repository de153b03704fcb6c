/**
 * The four profiles an event can be checked against: for each fault code, how grave it is.
 * `error` refuses the event, `warning` only tells, `off` says nothing. docs/profiles.md shows this table.
 */
import type { FaultCode } from './fault-codes.ts';

export type Severity = 'error' | 'warning' | 'off';
export type ProfileName = 'strict' | 'openstack' | 'ibm' | 'lenient';
export type Severities = Readonly<Record<FaultCode, Severity>>;

export const profileNames = [
  'strict',
  'openstack',
  'ibm',
  'lenient',
] as const satisfies readonly ProfileName[];

/** What each profile is for, one sentence. */
export const profileSummaries: Readonly<Record<ProfileName, string>> = {
  strict:
    'DSP0262 to the letter: every mandatory property, strict timestamps, taxonomy paths by whole segments; extra members are allowed.',
  openstack:
    'What OpenStack services and their SAP relatives emit (DSP2038, pyCADF, Keystone notifications). The default on intake.',
  ibm: 'What IBM services emit: Activity Tracker, Event Endpoint Management, Watson Health.',
  lenient:
    'Anything that is recognisably a CADF event: it has an id, a readable time, an action and an outcome.',
};

// One row per code: strict, openstack, ibm, lenient. E: error, W: warning, -: off.
type Row = `${Letter}${Letter}${Letter}${Letter}`;
type Letter = 'E' | 'W' | '-';

const rows: Readonly<Record<FaultCode, Row>> = {
  CADF_NOT_AN_OBJECT: 'EEEE',
  CADF_VALUE_TOO_LONG: 'EEEE',
  CADF_LIST_TOO_LONG: 'EEEE',
  CADF_MEMBER_TYPE: 'EEWW',
  CADF_MEMBER_NULL: 'EWWW',
  CADF_ID_MISSING: 'EEEE',
  CADF_ID_MALFORMED: 'EEEE',
  CADF_ID_NOT_A_URI: 'W---',
  CADF_TYPE_URI_MISSING: 'EEWW',
  CADF_TYPE_URI_EMPTY: 'EWWW',
  CADF_TYPE_URI_VARIANT: 'EWWW',
  CADF_TYPE_URI_WRONG: 'EEEE',
  CADF_EVENT_TYPE_MISSING: 'EEWW',
  CADF_EVENT_TYPE_CASE: 'EEWW',
  CADF_EVENT_TYPE_UNKNOWN: 'EEEW',
  CADF_TIME_MISSING: 'EEEE',
  CADF_TIME_UNREADABLE: 'EEEE',
  CADF_TIME_OUT_OF_RANGE: 'EEEE',
  CADF_TIME_OFFSET_WITHOUT_COLON: 'E--W',
  CADF_TIME_ZULU: 'EW-W',
  CADF_TIME_NO_ZONE: 'EWWW',
  CADF_TIME_LOOSE: 'EWWW',
  CADF_ACTION_MISSING: 'EEEE',
  CADF_ACTION_MALFORMED: 'EEWW',
  CADF_ACTION_NOT_IN_TAXONOMY: 'EEWW',
  CADF_ACTION_ALIAS: 'E-WW',
  CADF_ACTION_CASE: 'EEWW',
  CADF_ACTION_FOREIGN: 'WWWW',
  CADF_ACTION_EVENT_TYPE_MISMATCH: 'W---',
  CADF_OUTCOME_MISSING: 'EEEE',
  CADF_OUTCOME_NOT_IN_TAXONOMY: 'EEWW',
  CADF_OUTCOME_CASE: 'EEWW',
  CADF_INITIATOR_MISSING: 'EEWW',
  CADF_INITIATOR_OMITTED: 'EWWW',
  CADF_TARGET_MISSING: 'EEWW',
  CADF_OBSERVER_MISSING: 'EEWW',
  CADF_ROLE_GIVEN_TWICE: 'EEWW',
  CADF_ROLE_ID_INVALID: 'EEWW',
  CADF_RESOURCE_NOT_AN_OBJECT: 'EEEW',
  CADF_RESOURCE_ID_MISSING: 'EEWW',
  CADF_RESOURCE_TYPE_MISSING: 'EEWW',
  CADF_RESOURCE_TYPE_UNDER_TYPE: 'EEWW',
  CADF_RESOURCE_TYPE_MALFORMED: 'EWWW',
  CADF_RESOURCE_TYPE_NOT_IN_TAXONOMY: 'EWWW',
  CADF_RESOURCE_TYPE_ALIAS: 'EWWW',
  CADF_RESOURCE_TYPE_CASE: 'EWWW',
  CADF_RESOURCE_TYPE_FOREIGN: 'WWWW',
  CADF_RESOURCE_REFERENCE: 'W--W',
  CADF_RESOURCE_SELF_REFERENCE: 'EEWW',
  CADF_RESOURCE_REFERENCE_DANGLING: 'EEWW',
  CADF_REASON_REQUIRED: 'EWWW',
  CADF_REASON_INCOMPLETE: 'EWWW',
  CADF_REASON_CODE_NUMBER: 'EW-W',
  CADF_MEASUREMENTS_REQUIRED: 'EWWW',
  CADF_MEASUREMENTS_ALIAS: 'EWWW',
  CADF_MEASUREMENT_RESULT_MISSING: 'EWWW',
  CADF_MEASUREMENT_METRIC: 'EWWW',
  CADF_METRIC_INCOMPLETE: 'EWWW',
  CADF_ATTACHMENT_TYPE_MISSING: 'EWWW',
  CADF_ATTACHMENT_TYPE_URI: 'W--W',
  CADF_ATTACHMENT_CONTENT_MISSING: 'EWWW',
  CADF_CREDENTIAL_TOKEN_MISSING: 'EWWW',
  CADF_ENDPOINT_URL_MISSING: 'EWWW',
  CADF_GEOLOCATION_EMPTY: 'EWWW',
  CADF_GEOLOCATION_COORDINATE: 'WWWW',
  CADF_MAP_FORM: 'EWWW',
  CADF_REPORTERCHAIN_ALIAS: 'EWWW',
  CADF_REPORTER_ROLE_UNKNOWN: 'EWWW',
  CADF_REPORTER_MISSING: 'EWWW',
  CADF_REPORTER_TIME_UNREADABLE: 'EWWW',
  CADF_TAG_MALFORMED: 'EWWW',
  CADF_DURATION_MALFORMED: 'EWWW',
};

/** How grave each fault is in each profile. */
export const profiles: Readonly<Record<ProfileName, Severities>> = {
  strict: column(0),
  openstack: column(1),
  ibm: column(2),
  lenient: column(3),
};

/** Whether a text names a profile, for borders that read it from outside. */
export function isProfileName(text: string): text is ProfileName {
  return Object.hasOwn(profiles, text);
}

function column(index: 0 | 1 | 2 | 3): Severities {
  const entries = Object.entries(rows).map(([code, row]) => [code, severityOf(row.charAt(index))]);
  return Object.freeze(Object.fromEntries(entries) as Record<FaultCode, Severity>);
}

function severityOf(letter: string): Severity {
  if (letter === 'E') return 'error';
  return letter === 'W' ? 'warning' : 'off';
}
