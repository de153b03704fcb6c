import { expect, test } from 'vitest';
import { keystoneEvent, middlewareEvent, strictEvent } from '../../test/sample-events.ts';
import { undefinedReferences } from './definitions.ts';
import { unwrapDocument } from './unwrap.ts';

const base = 'http://schemas.dmtf.org/cloud/audit/1.0/';
const notification = {
  event_type: 'identity.project.created',
  message_id: 'm',
  publisher_id: 'identity.host',
  priority: 'INFO',
  timestamp: '2026-03-04 05:06:07.890123',
  payload: keystoneEvent,
};
const cloudEvent = { specversion: '1.0', id: '1', source: '/x', type: 'audit', data: strictEvent };
const log = { typeURI: `${base}log`, id: 'l', events: [strictEvent, keystoneEvent] };

const documents: readonly (readonly [form: string, document: unknown, paths: readonly string[]])[] = [
  ['event', strictEvent, ['']],
  ['list', [strictEvent, keystoneEvent], ['/0', '/1']],
  ['list', [notification, cloudEvent], ['/0/payload', '/1/data']],
  ['log', log, ['/events/0', '/events/1']],
  ['log', { ...log, typeURI: 'https://schemas.dmtf.org/cloud/audit/1.0/log' }, ['/events/0', '/events/1']],
  [
    'report',
    { typeURI: `${base}report`, events: [strictEvent], logs: [log] },
    ['/events/0', '/logs/0/events/0', '/logs/0/events/1'],
  ],
  ['openstack-notification', notification, ['/payload']],
  ['openstack-notification', { ...notification, payload: middlewareEvent }, ['/payload']],
  [
    'rackspace-entry',
    { entry: { '@type': 'http://www.w3.org/2005/Atom', content: { event: strictEvent } } },
    ['/entry/content/event'],
  ],
  [
    'rackspace-entry',
    { '@type': 'http://www.w3.org/2005/Atom', content: { event: strictEvent } },
    ['/content/event'],
  ],
  [
    'event-list',
    { next: 'n', total: 9, events: [{ id: '1', eventTime: 't', action: 'read', outcome: 'success' }] },
    ['/events/0'],
  ],
  ['event-list', { events: [], total: 0 }, []],
  ['cloudevent', cloudEvent, ['/data']],
  ['wrapped-event', { event: strictEvent }, ['/event']],
  ['wrapped-event', { 'cadf:event': strictEvent }, ['/cadf:event']],
  ['event', { id: 'x', eventTime: 't', action: 'a' }, ['']],
];

test.each(documents)('a document of the form %s: %#', (form, document, paths) => {
  const unwrapped = unwrapDocument(document);
  expect(unwrapped.form).toBe(form);
  expect(unwrapped.items.map((item) => item.path)).toEqual(paths);
  for (const item of unwrapped.items) expect(item.fault).toBeUndefined();
});

test('an oslo notification is JSON text in a string, and the path says so', () => {
  const document = { 'oslo.version': '2.0', 'oslo.message': JSON.stringify(notification) };
  const [item, ...others] = unwrapDocument(document).items;
  expect(others).toEqual([]);
  expect(item).toMatchObject({
    path: '/oslo.message',
    within: '/payload',
    value: keystoneEvent,
    fault: undefined,
  });
});

test('names in paths are escaped as in RFC 6901', () => {
  const wrapped = unwrapDocument({
    specversion: '1.0',
    data: { entry: { content: { event: strictEvent } } },
  });
  expect(wrapped.items[0]?.path).toBe('/data/entry/content/event');
});

test.each([
  ['CADF_DOCUMENT_UNKNOWN', 7],
  ['CADF_DOCUMENT_UNKNOWN', null],
  ['CADF_DOCUMENT_UNKNOWN', 'text'],
  ['CADF_DOCUMENT_UNKNOWN', {}],
  ['CADF_DOCUMENT_UNKNOWN', { hello: 1, world: 2 }],
  ['CADF_DOCUMENT_UNKNOWN', { ...notification, payload: { metric: 1 } }],
  ['CADF_DOCUMENT_UNKNOWN', { entry: { content: { usage: 1 } } }],
  ['CADF_DOCUMENT_UNKNOWN', { typeURI: `${base}log`, events: {} }],
  ['CADF_DOCUMENT_EMPTY', []],
  ['CADF_DOCUMENT_EMPTY', { typeURI: `${base}log`, id: 'l' }],
  ['CADF_DOCUMENT_EMPTY', { specversion: '1.0' }],
  ['CADF_DOCUMENT_BINARY_DATA', { specversion: '1.0', data_base64: 'e30=' }],
  ['CADF_DOCUMENT_EMBEDDED_JSON', { 'oslo.message': '{' }],
  ['CADF_DOCUMENT_TOO_DEEP', { 'oslo.message': `{"payload":${'['.repeat(70)}${']'.repeat(70)}}` }],
  ['CADF_DOCUMENT_TOO_DEEP', [[[[[[[strictEvent.id]]]]]]]],
])('%s: %#', (code, document) => {
  const { items } = unwrapDocument(document);
  expect(items.map((item) => item.fault?.code)).toEqual([code]);
});

test('in a list each element stands for itself: one that is no event does not spoil the others', () => {
  const { items } = unwrapDocument([strictEvent, 7, keystoneEvent]);
  expect(items.map((item) => [item.path, item.fault?.code])).toEqual([
    ['/0', undefined],
    ['/1', 'CADF_DOCUMENT_UNKNOWN'],
    ['/2', undefined],
  ]);
});

test('past the bound no event is taken, and one item says so', () => {
  const { items } = unwrapDocument(Array(10).fill(strictEvent), { maxEvents: 3, maxNesting: 6 });
  expect(items.map((item) => item.fault?.code)).toEqual([
    undefined,
    undefined,
    undefined,
    'CADF_DOCUMENT_TOO_MANY_EVENTS',
  ]);
});

test('a string in a string is not followed', () => {
  const inner = JSON.stringify({ 'oslo.message': JSON.stringify(notification) });
  expect(unwrapDocument({ 'oslo.message': inner }).items[0]?.fault?.code).toBe('CADF_DOCUMENT_TOO_DEEP');
});

test('definitions of a Log and its Report are told beside the event, which keeps its ids', () => {
  const event = {
    ...strictEvent,
    initiator: undefined,
    initiatorId: 'i-1',
    measurements: [{ result: 1, metricId: 'm-1' }],
  };
  const report = {
    typeURI: `${base}report`,
    resources: [{ id: 'i-1', typeURI: 'data/security/account/user' }],
    metrics: [{ metricId: 'm-1', unit: 's' }],
    logs: [
      {
        typeURI: `${base}log`,
        resources: [{ id: 'i-1', typeURI: 'data/security/account/admin' }],
        events: [event],
      },
    ],
  };
  const [item] = unwrapDocument(report).items;
  expect(item?.value).toBe(report.logs[0]?.events[0]);
  expect(item?.definitions.resources.get('i-1')).toEqual({
    id: 'i-1',
    typeURI: 'data/security/account/admin',
  });
  expect(item?.definitions.metrics.get('m-1')).toEqual({ metricId: 'm-1', unit: 's' });
  expect(undefinedReferences(event, item?.definitions ?? unwrapDocument({}).items[0]!.definitions)).toEqual(
    [],
  );
});

test('references that nothing defines are warnings', () => {
  const event = {
    initiatorId: 'i-1',
    target: { id: 't', geolocationId: 'g-1' },
    measurements: [{ result: 1, metricId: 'm-1', calculatedById: 'c-1' }],
    reporterchain: [{ role: 'relay', reporterId: 'r-1' }],
  };
  const { definitions } = unwrapDocument(strictEvent).items[0]!;
  const faults = undefinedReferences(event, definitions);
  expect(new Set(faults.map((fault) => fault.pointer))).toEqual(
    new Set([
      '/initiatorId',
      '/target/geolocationId',
      '/measurements/0/metricId',
      '/measurements/0/calculatedById',
      '/reporterchain/0/reporterId',
    ]),
  );
  for (const fault of faults) expect(fault.severity).toBe('warning');
});
