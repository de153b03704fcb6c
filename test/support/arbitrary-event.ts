/** Generators of CADF events for property tests. */
import fc from 'fast-check';
import { actionTaxonomy, formatTimestamp, resourceTaxonomy } from '@cadf-pipeline/cadf-model';

const word = fc.stringMatching(/^[a-z][a-z0-9_-]{0,11}$/);
const anyText = fc.oneof(fc.string({ maxLength: 20 }), fc.string({ unit: 'binary', maxLength: 8 }));
const filledText = anyText.filter((text) => text.trim() !== '');
const identifier = fc.oneof(
  fc.uuid(),
  word,
  fc.uuid().map((id) => `openstack:${id}`),
);

const time = fc
  .integer({ min: Date.UTC(1901, 0, 2), max: Date.UTC(2299, 0, 1) })
  .map((ms) => formatTimestamp(ms));
const path = (paths: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...paths), fc.array(word, { maxLength: 2 }))
    .map((parts) => parts.flat().join('/'));
const action = path(actionTaxonomy.nodes.map((node) => node.path));
const resourceType = path(resourceTaxonomy.nodes.map((node) => node.path));

const json = fc.jsonValue({ maxDepth: 3 });
const attachment = fc.record(
  { contentType: filledText, content: json, name: anyText },
  { requiredKeys: ['contentType', 'content'] },
);
const map = fc.array(fc.record({ key: anyText, value: fc.oneof(anyText, json) }), { maxLength: 3 });
const geolocation = fc.record(
  { latitude: fc.constant('+37.37'), longitude: fc.constant('-122.04'), city: anyText, annotations: map },
  { requiredKeys: ['latitude'] },
);

export const arbitraryResource = fc.record(
  {
    id: identifier,
    typeURI: resourceType,
    name: anyText,
    domain: anyText,
    credential: fc.record({ type: anyText, token: filledText, assertions: map }, { requiredKeys: ['token'] }),
    addresses: fc.array(fc.record({ url: filledText, name: anyText }, { requiredKeys: ['url'] }), {
      maxLength: 3,
    }),
    host: fc.record(
      { id: identifier, address: anyText, agent: anyText, platform: anyText },
      { requiredKeys: [] },
    ),
    geolocation,
    geolocationId: identifier,
    attachments: fc.array(attachment, { maxLength: 2 }),
    project_id: identifier,
  },
  { requiredKeys: ['id', 'typeURI'] },
);

const metric = fc.record(
  { metricId: identifier, unit: filledText, name: anyText, annotations: map },
  { requiredKeys: ['metricId', 'unit'] },
);
const measurement = fc.oneof(
  fc.record({ result: json.filter((value) => value !== null), metric }),
  fc.record({ result: fc.integer(), metricId: identifier, calculatedBy: arbitraryResource }),
);
const step = fc.record(
  {
    role: fc.constantFrom('observer', 'modifier', 'relay'),
    reporter: arbitraryResource,
    reporterTime: time,
    attachments: fc.array(attachment, { maxLength: 1 }),
  },
  { requiredKeys: ['role', 'reporter'] },
);
const reason = fc.record(
  { reasonType: filledText, reasonCode: filledText, policyType: filledText, policyId: filledText },
  { requiredKeys: ['reasonType', 'reasonCode'] },
);
const tag = fc.oneof(
  word,
  fc.tuple(word, word, word).map(([a, b, c]) => `//${a}/${b}?value=${c}`),
);

const standardMembers = {
  typeURI: fc.constant('http://schemas.dmtf.org/cloud/audit/1.0/event'),
  id: identifier,
  eventType: fc.constantFrom('activity', 'monitor', 'control'),
  eventTime: time,
  action,
  outcome: path(['success', 'failure', 'pending', 'unknown']),
  initiator: arbitraryResource,
  target: fc.oneof(arbitraryResource, fc.constant({ id: 'initiator' })),
  observer: fc.oneof(arbitraryResource, fc.constant({ id: 'initiator' })),
  reason,
  measurements: fc.array(measurement, { minLength: 1, maxLength: 3 }),
  name: anyText,
  severity: anyText,
  duration: fc.constantFrom('P1D', 'PT0.5S', '-P1Y2M3DT4H5M6S'),
  tags: fc.array(tag, { maxLength: 3 }),
  attachments: fc.array(attachment, { maxLength: 2 }),
  reporterchain: fc.array(step, { maxLength: 2 }),
};

const required = [
  'typeURI',
  'id',
  'eventType',
  'eventTime',
  'action',
  'outcome',
  'initiator',
  'target',
  'observer',
  'reason',
  'measurements',
] as const;

/** Valid under `strict`; some have members the standard does not name, with any JSON in them. */
export const arbitraryEvent = fc
  .tuple(
    fc.record(standardMembers, { requiredKeys: [...required] }),
    fc.dictionary(fc.oneof(word, anyText), json, { maxKeys: 3 }),
  )
  .map(([event, extras]): Readonly<Record<string, unknown>> => {
    const own = Object.entries(extras).filter(([name]) => !Object.hasOwn(standardMembers, name));
    const foreign = own.filter(([name]) => !aliases.has(name));
    return { ...event, ...Object.fromEntries(foreign) };
  });

/** Names that mean something to the readers, though not to the standard. */
const aliases = new Set(['initiatorId', 'targetId', 'observerId', 'measurement', 'reportersteps']);
