/**
 * The members of each entity in the order of the standard's tables, with their forms: what the canonical writer
 * sorts by, and what the XML codec knows attributes, elements and lists from. A test compares it with the schemas.
 */

export type EntityName =
  | 'event'
  | 'resource'
  | 'attachment'
  | 'credential'
  | 'endpoint'
  | 'geolocation'
  | 'host'
  | 'measurement'
  | 'metric'
  | 'reason'
  | 'reporterstep'
  | 'log'
  | 'report';

/**
 * - `text`: a string, an attribute in XML;
 * - `entity`: an object, a child element;
 * - `list`: a list of entities, a wrapper element with one child each;
 * - `texts`: a list of strings, likewise;
 * - `map`: cadf:Map, repeated elements with a `key`;
 * - `any`: xs:any, a child element with text or foreign markup.
 */
export interface MemberForm {
  readonly name: string;
  readonly form: 'text' | 'entity' | 'list' | 'texts' | 'map' | 'any';
  /** Of `entity` and `list`. */
  readonly entity?: EntityName;
  /** Name of one element of a `list`, `texts` or `map` in XML. */
  readonly item?: string;
}

const text = (...names: readonly string[]): readonly MemberForm[] =>
  names.map((name) => ({ name, form: 'text' }));
const entity = (name: string, of: EntityName): MemberForm => ({ name, form: 'entity', entity: of });
const list = (name: string, of: EntityName, item: string): MemberForm => ({
  name,
  form: 'list',
  entity: of,
  item,
});
const any = (name: string): MemberForm => ({ name, form: 'any' });
const map = (name: string, item: string): MemberForm => ({ name, form: 'map', item });
const tags: MemberForm = { name: 'tags', form: 'texts', item: 'tag' };
const attachments = list('attachments', 'attachment', 'attachment');
const shared: readonly MemberForm[] = [
  list('resources', 'resource', 'resource'),
  list('geolocations', 'geolocation', 'geolocation'),
  list('metrics', 'metric', 'metric'),
  list('events', 'event', 'event'),
];

export const entityMembers: Readonly<Record<EntityName, readonly MemberForm[]>> = {
  event: [
    ...text('typeURI', 'id', 'eventType', 'eventTime', 'action', 'outcome'),
    entity('initiator', 'resource'),
    ...text('initiatorId'),
    entity('target', 'resource'),
    ...text('targetId'),
    entity('observer', 'resource'),
    ...text('observerId'),
    entity('reason', 'reason'),
    list('measurements', 'measurement', 'measurement'),
    ...text('name', 'severity', 'duration'),
    tags,
    attachments,
    list('reporterchain', 'reporterstep', 'reporterstep'),
  ],
  resource: [
    ...text('id', 'typeURI', 'name', 'domain'),
    entity('credential', 'credential'),
    list('addresses', 'endpoint', 'address'),
    entity('host', 'host'),
    entity('geolocation', 'geolocation'),
    ...text('geolocationId'),
    attachments,
  ],
  attachment: [...text('contentType', 'typeURI'), any('content'), ...text('name')],
  credential: [...text('type'), any('token'), ...text('authority'), map('assertions', 'assertion')],
  endpoint: text('url', 'name', 'port'),
  geolocation: [
    ...text('id', 'latitude', 'longitude', 'elevation', 'accuracy', 'city', 'state', 'regionICANN'),
    map('annotations', 'annotation'),
  ],
  host: text('id', 'address', 'agent', 'platform'),
  measurement: [
    any('result'),
    entity('metric', 'metric'),
    ...text('metricId'),
    entity('calculatedBy', 'resource'),
    ...text('calculatedById'),
  ],
  metric: [...text('metricId', 'unit', 'name'), map('annotations', 'annotation')],
  reason: text('reasonType', 'reasonCode', 'policyType', 'policyId'),
  reporterstep: [
    ...text('role'),
    entity('reporter', 'resource'),
    ...text('reporterId', 'reporterTime'),
    attachments,
  ],
  log: [
    ...text('typeURI', 'id', 'logTime', 'generatorId'),
    entity('generator', 'resource'),
    ...text('name', 'description'),
    ...shared,
    attachments,
  ],
  report: [
    ...text('typeURI', 'id', 'reportTime', 'generatorId'),
    entity('generator', 'resource'),
    ...text('name', 'description'),
    ...shared,
    list('logs', 'log', 'log'),
    attachments,
  ],
};

const formsByName: ReadonlyMap<string, ReadonlyMap<string, MemberForm>> = new Map(
  Object.entries(entityMembers).map(([name, members]) => [
    name,
    new Map(members.map((member) => [member.name, member])),
  ]),
);

/** The form of an entity's member; undefined when the standard does not name it. */
export function memberForm(entity: EntityName, name: string): MemberForm | undefined {
  return formsByName.get(entity)?.get(name);
}
