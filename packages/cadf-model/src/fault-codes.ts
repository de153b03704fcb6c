/**
 * Every fault the checks of an event can find: a stable code, what it means, how to mend it.
 * How grave each one is depends on the profile: profiles.ts. docs/profiles.md shows both tables.
 */

export interface FaultCodeEntry {
  /** What is wrong, one sentence without a full stop. */
  readonly title: string;
  /** How to mend it. */
  readonly hint: string;
}

export const faultCodes = {
  CADF_NOT_AN_OBJECT: {
    title: 'the event is not a JSON object',
    hint: 'send one JSON object per event',
  },
  CADF_VALUE_TOO_LONG: {
    title: 'the text is longer than the limit',
    hint: 'ids, types and paths have at most 1,024 characters, names 4,096, addresses, agents and tags 8,192',
  },
  CADF_LIST_TOO_LONG: {
    title: 'the list has more than 1,024 elements',
    hint: 'split the event, or move the list into an attachment',
  },
  CADF_MEMBER_TYPE: {
    title: 'the member has the wrong JSON type',
    hint: 'use the type the standard gives it (most members are strings)',
  },
  CADF_MEMBER_NULL: {
    title: 'the member is null',
    hint: 'leave members out that have no value',
  },

  CADF_ID_MISSING: {
    title: 'the event has no id, or it is no text',
    hint: 'give every event a non-empty, globally unique string in "id"; events are identified by it',
  },
  CADF_ID_MALFORMED: {
    title: 'the id contains control characters or broken Unicode',
    hint: 'use a UUID or another URI reference',
  },
  CADF_ID_NOT_A_URI: {
    title: 'the id contains blanks, so it is no URI reference',
    hint: 'use a UUID or another URI reference (RFC 3986)',
  },

  CADF_TYPE_URI_MISSING: {
    title: 'the event has no typeURI',
    hint: 'set "typeURI" to "http://schemas.dmtf.org/cloud/audit/1.0/event"',
  },
  CADF_TYPE_URI_EMPTY: {
    title: 'the typeURI of the event is empty',
    hint: 'set "typeURI" to "http://schemas.dmtf.org/cloud/audit/1.0/event"',
  },
  CADF_TYPE_URI_VARIANT: {
    title: 'the typeURI is a variant spelling of the CADF event type',
    hint: 'write exactly "http://schemas.dmtf.org/cloud/audit/1.0/event": http, no blanks, no slash at the end',
  },
  CADF_TYPE_URI_WRONG: {
    title: 'the typeURI is not that of a CADF 1.0 event',
    hint: 'set "typeURI" to "http://schemas.dmtf.org/cloud/audit/1.0/event"',
  },

  CADF_EVENT_TYPE_MISSING: {
    title: 'the event has no eventType',
    hint: 'set "eventType" to "activity", "monitor" or "control"',
  },
  CADF_EVENT_TYPE_CASE: {
    title: 'the eventType is not in lower case',
    hint: 'write "activity", "monitor" or "control" in lower case',
  },
  CADF_EVENT_TYPE_UNKNOWN: {
    title: 'the eventType is none of activity, monitor and control',
    hint: 'the set is closed: use "activity", "monitor" or "control"',
  },

  CADF_TIME_MISSING: {
    title: 'the event has no eventTime, or it is no text',
    hint: 'set "eventTime" to a string such as "2026-01-02T03:04:05.678+00:00"',
  },
  CADF_TIME_UNREADABLE: {
    title: 'the eventTime is no timestamp, or names a day or time that does not exist',
    hint: 'write it as "2026-01-02T03:04:05.678+00:00"',
  },
  CADF_TIME_OUT_OF_RANGE: {
    title: 'the eventTime is before 1900 or after 2299',
    hint: 'check the clock and the unit the time was made from',
  },
  CADF_TIME_OFFSET_WITHOUT_COLON: {
    title: 'the offset of the timestamp has no colon',
    hint: 'write "+00:00" instead of "+0000"',
  },
  CADF_TIME_ZULU: {
    title: 'the timestamp ends in Z',
    hint: 'write "+00:00" instead of "Z"',
  },
  CADF_TIME_NO_ZONE: {
    title: 'the timestamp has no offset; it is read as UTC',
    hint: 'add the offset, "+00:00" for UTC',
  },
  CADF_TIME_LOOSE: {
    title: 'the timestamp is readable but not in the form of the standard',
    hint: 'write it as "2026-01-02T03:04:05.678+00:00"',
  },

  CADF_ACTION_MISSING: {
    title: 'the event has no action, or it is no text',
    hint: 'set "action" to a path of the action taxonomy, such as "update", or "unknown"',
  },
  CADF_ACTION_MALFORMED: {
    title: 'the action is not a taxonomy path',
    hint: 'paths have no blanks, no empty segments, and no slash at either end',
  },
  CADF_ACTION_NOT_IN_TAXONOMY: {
    title: 'the action is not below any node of the CADF action taxonomy',
    hint: 'use a standard action or a child of one, such as "update/resize", or "unknown"',
  },
  CADF_ACTION_ALIAS: {
    title: 'the action is a dialect spelling, not a path of the CADF action taxonomy',
    hint: 'write the path: "create/project" instead of "created.project", "read/list" instead of "list"',
  },
  CADF_ACTION_CASE: {
    title: 'the action is not in lower case',
    hint: 'write the action in lower case',
  },
  CADF_ACTION_FOREIGN: {
    title: 'the action belongs to another taxonomy',
    hint: 'use a path of the CADF action taxonomy where one fits',
  },
  CADF_ACTION_EVENT_TYPE_MISMATCH: {
    title: 'the action does not belong to this eventType',
    hint: 'monitor goes with monitor events; allow, deny, evaluate and notify with control events; the rest with activity',
  },

  CADF_OUTCOME_MISSING: {
    title: 'the event has no outcome, or it is no text',
    hint: 'set "outcome" to "success", "failure", "pending" or "unknown"',
  },
  CADF_OUTCOME_NOT_IN_TAXONOMY: {
    title: 'the outcome is not below success, failure, pending or unknown',
    hint: 'use one of the four, or a child such as "failure/denied"; new roots are not allowed',
  },
  CADF_OUTCOME_CASE: {
    title: 'the outcome is not in lower case',
    hint: 'write the outcome in lower case',
  },

  CADF_INITIATOR_MISSING: {
    title: 'the event has neither initiator nor initiatorId',
    hint: 'say who did it: a resource in "initiator" or its id in "initiatorId"',
  },
  CADF_INITIATOR_OMITTED: {
    title: 'the Keystone notification has no initiator',
    hint: 'Keystone leaves it out when nobody was logged in; give the acting service instead',
  },
  CADF_TARGET_MISSING: {
    title: 'the event has neither target nor targetId',
    hint: 'say what it was done to: a resource in "target" or its id in "targetId"',
  },
  CADF_OBSERVER_MISSING: {
    title: 'the event has neither observer nor observerId',
    hint: 'say who made the record: a resource in "observer" or its id in "observerId"',
  },
  CADF_ROLE_GIVEN_TWICE: {
    title: 'the role is given both as an object and as an id; the object counts',
    hint: 'give one of the two',
  },
  CADF_ROLE_ID_INVALID: {
    title: 'the id of the role is not a non-empty text',
    hint: 'give the id of a resource as a string',
  },

  CADF_RESOURCE_NOT_AN_OBJECT: {
    title: 'the resource is not a JSON object',
    hint: 'give an object with "id" and "typeURI"',
  },
  CADF_RESOURCE_ID_MISSING: {
    title: 'the resource has no id, or it is no text',
    hint: 'give the resource a non-empty string in "id"',
  },
  CADF_RESOURCE_TYPE_MISSING: {
    title: 'the resource has no typeURI, or it is empty',
    hint: 'set "typeURI" to a path of the resource taxonomy, or "unknown"',
  },
  CADF_RESOURCE_TYPE_UNDER_TYPE: {
    title: 'the type of the resource is in "type" instead of "typeURI"',
    hint: 'rename the member to "typeURI"',
  },
  CADF_RESOURCE_TYPE_MALFORMED: {
    title: 'the typeURI of the resource is not a taxonomy path',
    hint: 'paths have no blanks, no empty segments, and no slash at either end',
  },
  CADF_RESOURCE_TYPE_NOT_IN_TAXONOMY: {
    title: 'the typeURI of the resource is not below any node of the CADF resource taxonomy',
    hint: 'use a child of storage, compute, network, service or data, or "unknown"',
  },
  CADF_RESOURCE_TYPE_ALIAS: {
    title: 'the typeURI of the resource is a dialect spelling',
    hint: 'write the path of the taxonomy: "data/security/account" instead of "security/account"',
  },
  CADF_RESOURCE_TYPE_CASE: {
    title: 'the typeURI of the resource is not in lower case',
    hint: 'write it in lower case',
  },
  CADF_RESOURCE_TYPE_FOREIGN: {
    title: 'the typeURI of the resource belongs to another taxonomy',
    hint: 'use a path of the CADF resource taxonomy where one fits',
  },
  CADF_RESOURCE_REFERENCE: {
    title: 'the resource is the OpenStack short form naming another role',
    hint: 'give the resource itself, or its id in "initiatorId", "targetId" or "observerId"',
  },
  CADF_RESOURCE_SELF_REFERENCE: {
    title: 'the resource refers to itself',
    hint: 'use another id: the names of the roles are reserved for references',
  },
  CADF_RESOURCE_REFERENCE_DANGLING: {
    title: 'the resource refers to a role the event does not have',
    hint: 'give the resource itself',
  },

  CADF_REASON_REQUIRED: {
    title: 'a control event needs a reason',
    hint: 'give "policyType" and "policyId", or "reasonType" and "reasonCode", in "reason"',
  },
  CADF_REASON_INCOMPLETE: {
    title: 'the reason has no whole pair of type and code or of policy type and id',
    hint: 'give "reasonType" with "reasonCode", or "policyType" with "policyId"',
  },
  CADF_REASON_CODE_NUMBER: {
    title: 'the reasonCode is a number',
    hint: 'write it as a string',
  },

  CADF_MEASUREMENTS_REQUIRED: {
    title: 'a monitor event needs at least one measurement',
    hint: 'give "measurements" with "result" and "metric" or "metricId"',
  },
  CADF_MEASUREMENTS_ALIAS: {
    title: 'the measurements are in "measurement"',
    hint: 'rename the member to "measurements"',
  },
  CADF_MEASUREMENT_RESULT_MISSING: {
    title: 'the measurement has no result',
    hint: 'give "result"',
  },
  CADF_MEASUREMENT_METRIC: {
    title: 'the measurement has not exactly one of metric and metricId',
    hint: 'give "metric", or "metricId" of a metric defined in the Log or Report',
  },
  CADF_METRIC_INCOMPLETE: {
    title: 'the metric has no metricId or no unit',
    hint: 'give "metricId" and "unit"; the key is "metricId", not "id"',
  },

  CADF_ATTACHMENT_TYPE_MISSING: {
    title: 'the attachment has no contentType',
    hint: 'give "contentType", a URI naming the type of the content',
  },
  CADF_ATTACHMENT_TYPE_URI: {
    title: 'the type of the attachment is in "typeURI" instead of "contentType"',
    hint: 'rename the member to "contentType"',
  },
  CADF_ATTACHMENT_CONTENT_MISSING: {
    title: 'the attachment has no content',
    hint: 'give "content"',
  },
  CADF_CREDENTIAL_TOKEN_MISSING: {
    title: 'the credential has no token',
    hint: 'give "token", masked, or leave "credential" out',
  },
  CADF_ENDPOINT_URL_MISSING: {
    title: 'the address has no url',
    hint: 'give "url"',
  },
  CADF_GEOLOCATION_EMPTY: {
    title: 'the geolocation has no property',
    hint: 'give at least one property, or leave the geolocation out',
  },
  CADF_GEOLOCATION_COORDINATE: {
    title: 'the coordinate is not in the form of ISO 6709',
    hint: 'write "+37.37" or "-1220210.20"',
  },
  CADF_MAP_FORM: {
    title: 'the map is neither a list of keys and values nor an object',
    hint: 'write [{"key": "…", "value": …}]',
  },

  CADF_REPORTERCHAIN_ALIAS: {
    title: 'the reporter chain is in "reportersteps"',
    hint: 'rename the member to "reporterchain"',
  },
  CADF_REPORTER_ROLE_UNKNOWN: {
    title: 'the role of the reporter is none of observer, modifier and relay',
    hint: 'the set is closed: use "observer", "modifier" or "relay"',
  },
  CADF_REPORTER_MISSING: {
    title: 'the step of the reporter chain has neither reporter nor reporterId',
    hint: 'say who handled the record',
  },
  CADF_REPORTER_TIME_UNREADABLE: {
    title: 'the reporterTime is no timestamp',
    hint: 'write it as "2026-01-02T03:04:05.678+00:00"',
  },
  CADF_TAG_MALFORMED: {
    title: 'the tag is not of the form [//namespace/]name[?value=value]',
    hint: 'percent-encode reserved characters in the value',
  },
  CADF_DURATION_MALFORMED: {
    title: 'the duration is no xs:duration',
    hint: 'write it as "PT1.5S"',
  },
} as const satisfies Readonly<Record<string, FaultCodeEntry>>;

/** Stable: a code is never reused for another meaning. */
export type FaultCode = keyof typeof faultCodes;
