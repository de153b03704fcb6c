import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitraryEvent } from '../../../../test/support/arbitrary-event.ts';
import { changed, keystoneEvent, middlewareEvent, strictEvent } from '../../test/sample-events.ts';
import { toCanonicalEvent } from '../canonical/canonical-event.ts';
import { canonicalJson } from '../canonical/canonical-json.ts';
import { eventTypeUri, logTypeUri, reportTypeUri } from '../entities/uris.ts';
import { isMembers } from '../json-members.ts';
import { validateEvent } from '../validate/event.ts';
import { decodeXml, placeInXml } from './decode.ts';
import { encodeXml, encodeXmlElement, xmlFrame } from './encode.ts';

const namespaces = 'xmlns:cadf="http://schemas.dmtf.org/cloud/audit/1.0/event" xmlns:ua="urn:example:access"';
const attributes =
  'id="e-1" eventType="activity" eventTime="2026-01-02T03:04:05+00:00" action="read/get" outcome="success"';
const roles = `<cadf:initiator id="10.1.2.3" typeURI="network/node"><cadf:host address="10.1.2.3"/></cadf:initiator>
  <cadf:target id="t" typeURI="service"/><cadf:observer id="o" typeURI="service/security"/>`;
const accessEvent = `<cadf:event ${namespaces} ${attributes} typeURI="${eventTypeUri}">
  <!-- who --> ${roles}
  <cadf:reason reasonCode="200" reasonType="urn:example:http"/>
  <cadf:attachments><cadf:attachment name="auditData" contentType="ua:auditData"><cadf:content>
    <ua:auditData version="1"><ua:region>DFW</ua:region><ua:query/><ua:role>a</ua:role><ua:role>b</ua:role></ua:auditData>
  </cadf:content></cadf:attachment></cadf:attachments>
</cadf:event>`;

test('attributes and elements of the namespace form become the JSON form', () => {
  const { form, json, events, faults } = decodeXml(accessEvent);
  expect(faults).toEqual([]);
  expect(form).toBe('event');
  expect(events.map((event) => [event.path, event.line, event.column])).toEqual([['', 1, 1]]);
  expect(validateEvent(json, 'strict')).toEqual([]);
  expect(json).toMatchObject({
    id: 'e-1',
    initiator: { id: '10.1.2.3', typeURI: 'network/node', host: { address: '10.1.2.3' } },
    reason: { reasonCode: '200' },
    attachments: [
      {
        name: 'auditData',
        content: { auditData: { version: '1', region: 'DFW', query: '', role: ['a', 'b'] } },
      },
    ],
  });
});

test('foreign markup of attachments is kept and written again with its namespaces', () => {
  const { json } = decodeXml(accessEvent);
  const written = encodeXml(isMembers(json) ? json : {});
  expect(written).toContain(
    '<ua:auditData xmlns:ua="urn:example:access" version="1"><ua:region>DFW</ua:region>',
  );
  expect(decodeXml(written).json).toEqual(json);
  expect(encodeXml(isMembers(json) ? json : {})).toBe(written);
});

test('markup that does not say what its twin says is written as JSON, so nobody can smuggle elements in', () => {
  const lies = ['</cadf:content></cadf:attachment>', '<a>1</a>', '<!DOCTYPE x>', '&bomb;'];
  for (const markup of lies) {
    const event = changed(strictEvent, {
      attachments: [{ contentType: 'x', content: { a: '2', '@xml': markup } }],
    });
    expect(decodeXml(encodeXml(event)).json).toEqual(event);
  }
});

test('the element style of the drafts is read', () => {
  const xml = `<Event><id>e-1</id><eventType>activity</eventType><eventTime>2012-01-02T03:04:05+00:00</eventTime>
    <action>read</action><outcome>success</outcome>
    <initiator><id>i</id><typeURI>compute</typeURI><geolocation><annotation key="building">B2</annotation>
      <annotation key="room">201</annotation></geolocation></initiator>
    <target><id>t</id><typeURI>data</typeURI></target><observer><id>o</id><typeURI>service</typeURI></observer>
    <measurements><measurement><result>80</result><metricId>m</metricId></measurement></measurements>
    <tags><tag>a</tag><tag>b</tag></tags></Event>`;
  const { events, faults } = decodeXml(xml);
  expect(faults).toEqual([]);
  expect(validateEvent(events[0]?.value, 'strict')).toEqual([]);
  expect(events[0]?.value).toMatchObject({
    typeURI: eventTypeUri,
    initiator: {
      geolocation: {
        annotations: [
          { key: 'building', value: 'B2' },
          { key: 'room', value: '201' },
        ],
      },
    },
    measurements: [{ result: '80', metricId: 'm' }],
    tags: ['a', 'b'],
  });
});

test('events are found in Atom entries and feeds, in logs, and in logs of reports', () => {
  const event = encodeXmlElement(strictEvent);
  const entry = `<atom:entry xmlns:atom="http://www.w3.org/2005/Atom"><atom:title>t</atom:title>
    <atom:content type="application/xml">${event}</atom:content></atom:entry>`;
  expect(decodeXml(entry)).toMatchObject({ form: 'event', json: strictEvent, faults: [] });
  const feed = `<feed xmlns="http://www.w3.org/2005/Atom">${entry}${entry}</feed>`;
  expect(decodeXml(feed).events.map((found) => found.path)).toEqual(['/0', '/1']);
  const log = {
    typeURI: logTypeUri,
    id: 'l',
    metrics: [{ metricId: 'm', unit: 's' }],
    events: [strictEvent, keystoneEvent],
  };
  const report = {
    typeURI: reportTypeUri,
    resources: [{ id: 'i', typeURI: 'compute' }],
    events: [strictEvent],
    logs: [log],
  };
  const decoded = decodeXml(encodeXml(report));
  expect(decoded.json).toEqual(report);
  expect(decoded.events.map((found) => found.path)).toEqual([
    '/events/0',
    '/logs/0/events/0',
    '/logs/0/events/1',
  ]);
  expect(decoded.events[1]?.definitions.metrics.has('m')).toBe(true);
  expect(decoded.events[1]?.definitions.resources.has('i')).toBe(true);
  expect(decoded.events[0]?.definitions.metrics.has('m')).toBe(false);
});

test('a report can be written piece by piece', () => {
  const { head, tail } = xmlFrame({ typeURI: reportTypeUri, id: 'r' });
  const text = head + encodeXmlElement(strictEvent) + encodeXmlElement(keystoneEvent) + tail;
  expect(decodeXml(text).json).toEqual({
    typeURI: reportTypeUri,
    id: 'r',
    events: [strictEvent, keystoneEvent],
  });
});

test('a log or report that says it has no events is whole, one that says nothing of events is not', () => {
  for (const typeURI of [logTypeUri, reportTypeUri]) {
    const { head, tail } = xmlFrame({ typeURI, id: 'r' });
    expect(decodeXml(head + tail)).toMatchObject({
      form: typeURI === logTypeUri ? 'log' : 'report',
      json: { typeURI, id: 'r', events: [] },
      events: [],
      faults: [],
    });
    expect(decodeXml(encodeXml({ typeURI, id: 'r' })).faults).toMatchObject([{ code: 'CADF_XML_NO_EVENT' }]);
  }
});

test('members the standard does not name, and values of other types, come back as they were', () => {
  for (const event of [middlewareEvent, keystoneEvent])
    expect(decodeXml(encodeXml(event)).json).toEqual(event);
  const odd = changed(strictEvent, {
    reason: { reasonCode: 200, reasonType: 'HTTP' },
    name: 'control \u0001 and lone \ud800 and \uffff',
    'weird \u0002 name': { a: [1, null, true, { b: ' x ' }], '': '' },
    tags: [' blank around '],
    severity: ' blanks\tand\r\nlines ',
    host: null,
  });
  expect(decodeXml(encodeXml(odd)).json).toEqual(odd);
  for (const character of ['\u0001', '\ud800', '\udc00', '\ufffe', '\uffff', '\u{1f600}', '\u0085', '\r']) {
    const event = changed(strictEvent, { name: character, tags: [character], [character]: character });
    expect(decodeXml(encodeXml(event)).json).toEqual(event);
  }
});

test('any event survives the way through XML, and its XML the way through JSON', () => {
  fc.assert(
    fc.property(arbitraryEvent, (generated) => {
      const event = toCanonicalEvent(generated);
      const xml = encodeXml(event);
      const decoded = decodeXml(xml);
      expect(decoded.faults).toEqual([]);
      expect(canonicalJson(decoded.json)).toBe(canonicalJson(event));
      const again = isMembers(decoded.json) ? encodeXml(decoded.json) : '';
      expect(canonicalJson(decodeXml(again).json)).toBe(canonicalJson(event));
    }),
    { numRuns: 100 },
  );
});

test('any markup in an attachment survives the way through JSON and back', () => {
  const name = fc.constantFrom('a', 'b', 'x:a', 'c');
  const text = fc.constantFrom('', ' ', 'text', 'a &amp; b', '<![CDATA[<raw>]]>', '&#13;');
  const { element } = fc.letrec<{ element: string }>((tie) => ({
    element: fc.oneof(
      { maxDepth: 4 },
      fc.tuple(name, text).map(([tag, inner]) => `<${tag}>${inner}</${tag}>`),
      fc
        .tuple(
          name,
          text,
          fc.array(tie('element'), { maxLength: 3 }),
          fc.constantFrom('', ' k="v"', ' xmlns="urn:d"', ' x:k="&lt;"'),
        )
        .map(
          ([tag, inner, children, attribute]) =>
            `<${tag}${attribute}>${inner}${children.join(inner)}</${tag}>`,
        ),
    ),
  }));
  fc.assert(
    fc.property(fc.array(element, { minLength: 1, maxLength: 3 }), (elements) => {
      const xml = `<cadf:event ${namespaces} xmlns:x="urn:x" ${attributes}>${roles}<cadf:attachments><cadf:attachment
        contentType="c"><cadf:content>${elements.join(' ')}</cadf:content></cadf:attachment></cadf:attachments></cadf:event>`;
      const first = decodeXml(xml);
      expect(first.events.length).toBe(1);
      const written = encodeXml(first.events[0]!.value);
      const second = decodeXml(written);
      expect(second.json).toEqual(first.json);
      expect(encodeXml(second.events[0]!.value)).toBe(written);
      expect(written).not.toContain('json:type="object"');
    }),
    { numRuns: 100 },
  );
});

test.each([
  ['CADF_XML_MALFORMED', '', 1],
  ['CADF_XML_MALFORMED', '<a>\n<b></a>', 2],
  ['CADF_XML_MALFORMED', `<a>\n\n&unknown;</a>`, 3],
  ['CADF_XML_MALFORMED', '<a:b/>', 1],
  ['CADF_XML_DTD', '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY b "c">]>\n<a>&b;</a>', 2],
  ['CADF_XML_TOO_DEEP', '<a>'.repeat(65), 1],
  ['CADF_XML_NO_EVENT', '<event xmlns="urn:other"/>', 1],
  ['CADF_XML_NO_EVENT', '<Geolocation><latitude>+1</latitude></Geolocation>', 1],
])('%s is told with its place: %#', (code, xml, line) => {
  const { events, faults } = decodeXml(xml);
  expect(events).toEqual([]);
  expect(faults.map((fault) => [fault.code, fault.line])).toEqual([[code, line]]);
});

test('size is bounded before anything is read, and the number of nodes while reading', () => {
  const limits = { maxLength: 1000, maxDepth: 64, maxNodes: 20 };
  expect(decodeXml(' '.repeat(1001), limits).faults[0]?.code).toBe('CADF_XML_TOO_LARGE');
  expect(decodeXml(`<a>${'<b/>'.repeat(30)}</a>`, limits).faults[0]?.code).toBe('CADF_XML_TOO_LARGE');
  expect(
    decodeXml(`<a ${Array.from({ length: 30 }, (_, at) => `a${at}=""`).join(' ')}/>`, limits).faults[0]?.code,
  ).toBe('CADF_XML_TOO_LARGE');
});

test('a hundred thousand equal elements are read in one list', () => {
  const many = '<ua:role>a</ua:role>'.repeat(100_000);
  const { json } = decodeXml(accessEvent.replace('<ua:query/>', many));
  expect(JSON.stringify(json).split('"a"').length).toBe(100_002);
});

test('a property given twice refuses the document; stray text and another content type are only told', () => {
  const twice = `<cadf:event ${namespaces} ${attributes}><cadf:id>other</cadf:id></cadf:event>`;
  expect(decodeXml(twice).faults).toMatchObject([{ code: 'CADF_XML_DUPLICATE_MEMBER', severity: 'error' }]);
  const stray = accessEvent
    .replace('<cadf:attachments>', '<cadf:attachments>stray')
    .replace('ua:auditData"', 'ua:other"');
  expect(decodeXml(stray).faults.map((fault) => [fault.code, fault.severity])).toEqual([
    ['CADF_XML_TEXT_IGNORED', 'warning'],
    ['CADF_XML_CONTENT_TYPE_MISMATCH', 'warning'],
  ]);
});

test('elements and attributes of other namespaces are kept as members under their names', () => {
  const xml = `<cadf:event ${namespaces} ${attributes} ua:zone="z" requestPath="/v2">${roles}
    <ua:extra a="1">text</ua:extra><cadf:origin>here</cadf:origin></cadf:event>`;
  const { json, faults } = decodeXml(xml);
  expect(faults).toEqual([]);
  expect(json).toMatchObject({
    'ua:zone': 'z',
    requestPath: '/v2',
    'ua:extra': { a: '1', '@text': 'text' },
    origin: 'here',
  });
  const written = encodeXml(isMembers(json) ? json : {});
  expect(written).toContain('<ua:extra xmlns:ua="urn:example:access" a="1">text</ua:extra>');
  expect(decodeXml(written).json).toEqual(json);
});

test('faults of an event can be told with their place in the XML', () => {
  const xml = accessEvent.replace('typeURI="service/security"', 'typeURI="dns"');
  const [event] = decodeXml(xml).events;
  const [fault] = validateEvent(event?.value, 'strict');
  expect(fault?.pointer).toBe('/observer/typeURI');
  expect(placeInXml(event!, fault?.pointer ?? '')).toMatchObject({ line: 3 });
  expect(placeInXml(event!, '/id')).toMatchObject({ line: 1, column: 1 });
});
