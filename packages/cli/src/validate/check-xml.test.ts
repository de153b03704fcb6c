import { expect, test } from 'vitest';
import { checkXml } from './check-xml.ts';

const namespace = 'xmlns="http://schemas.dmtf.org/cloud/audit/1.0/event"';
const event = (outcome: string, id = '1') => `<event ${namespace} id="${id}"
  typeURI="http://schemas.dmtf.org/cloud/audit/1.0/event" eventType="activity"
  eventTime="2026-11-02T08:15:30.250+00:00" action="create" outcome="${outcome}">
  <initiator id="f0a2" typeURI="data/security/account/user"/>
  <target id="b7c1" typeURI="compute/machine"/>
  <observer id="nova-1" typeURI="service/compute"/>
</event>`;

test('a valid event has no findings', () => {
  expect(checkXml(event('success'), 'strict')).toEqual({ events: 1, valid: 1, findings: [] });
});

test('a fault of an element stands at the element, with the pointer of its JSON form', () => {
  const text = event('success').replace('<target id="b7c1" ', '<target ');
  const { events, valid, findings } = checkXml(text, 'openstack');
  expect({ events, valid }).toEqual({ events: 1, valid: 0 });
  expect(findings).toMatchObject([{ line: 5, code: 'CADF_RESOURCE_ID_MISSING', pointer: '/target/id' }]);
});

test('events side by side are each judged', () => {
  const feed = `<feed>${event('success', '1')}${event('maybe', '2')}</feed>`;
  expect(checkXml(feed, 'openstack')).toMatchObject({ events: 2, valid: 1 });
});

test('a document that is not well-formed is one event with an error at its place', () => {
  const { events, valid, findings } = checkXml('<event>\n</evnt>', 'openstack');
  expect({ events, valid }).toEqual({ events: 1, valid: 0 });
  expect(findings).toMatchObject([{ line: 2, code: 'CADF_XML_MALFORMED', severity: 'error' }]);
});

test('a document type declaration is refused', () => {
  const text = `<!DOCTYPE event [<!ENTITY a "b">]>\n${event('success')}`;
  expect(checkXml(text, 'lenient')).toMatchObject({ valid: 0, findings: [{ code: 'CADF_XML_DTD' }] });
});

test('an event larger than is taken is refused, the others are not', () => {
  const large = event('success', '2').replace(
    '</event>',
    `<x:note xmlns:x="urn:x">${'x'.repeat(1_100_000)}</x:note></event>`,
  );
  expect(checkXml(`<feed>${event('success')}${large}</feed>`, 'openstack')).toMatchObject({
    events: 2,
    valid: 1,
    findings: [{ code: 'CADF_READ_TOO_LARGE' }],
  });
});
