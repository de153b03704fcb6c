/** The ways to write an indication: times, embedded instances, versions of the document type, batches, what is refused. */
import { describe, expect, test } from 'vitest';
import {
  escaped,
  eventOfIndication,
  eventOfXml,
  exportOf,
  instance,
  instanceXml,
  outcomesOf,
} from './indication.test-support.ts';

const UUID = '5f2b1c9a-7d34-4e11-9c0a-1b2c3d4e5f60';
const GUEST = instance('KVM_ComputerSystem', {
  CreationClassName: 'KVM_ComputerSystem',
  Name: 'web1',
  UUID,
  EnabledState: '2',
});

test.each([
  ['20261120100000.000000+000', '2026-11-20T10:00:00.000+00:00'],
  ['20261120100000.123456-300', '2026-11-20T15:00:00.123+00:00'],
  ['20261120153000.000000+330', '2026-11-20T10:00:00.000+00:00'],
])('the time %s is %s: its offset is in minutes', (IndicationTime, eventTime) => {
  expect(eventOfIndication('CIM_AlertIndication', { IndicationTime }).eventTime).toBe(eventTime);
});

test('an interval is no time', () => {
  const text = exportOf(instanceXml('CIM_AlertIndication', { IndicationTime: '00000001000000.000000:000' }));
  expect(outcomesOf(text)).toMatchObject([{ kind: 'dead-letter', code: 'CIM_TIME_UNREADABLE' }]);
});

describe('the same event comes of each way to write it', () => {
  const source = instanceXml('KVM_ComputerSystem', GUEST.properties);
  const time =
    '<PROPERTY NAME="IndicationTime" TYPE="datetime"><VALUE>20261120120000.000000+120</VALUE></PROPERTY>';
  const inside = (attribute: string, value: string): string =>
    `<INSTANCE CLASSNAME="CIM_InstCreation">${time}<PROPERTY NAME="SourceInstance" TYPE="string"${attribute}><VALUE>${value}</VALUE></PROPERTY></INSTANCE>`;
  const reference = eventOfXml(exportOf(inside(' EmbeddedObject="instance"', escaped(source))));

  test.each([
    ['object', inside(' EmbeddedObject="object"', escaped(source))],
    ['the older attribute', inside(' EMBEDDEDOBJECT="instance"', escaped(source))],
    ['no attribute', inside('', escaped(source))],
    ['CDATA', inside(' EmbeddedObject="instance"', `<![CDATA[${source}]]>`)],
    [
      'an XML declaration inside',
      inside(' EmbeddedObject="instance"', escaped(`<?xml version="1.0"?>${source}`)),
    ],
    ['blanks and line ends', inside(' EmbeddedObject="instance"', `\n  ${escaped(source)}\n`)],
    [
      'references for characters',
      inside(' EmbeddedObject="instance"', escaped(source).replaceAll('&quot;', '&#34;')),
    ],
  ])('%s', (_, indication) => {
    for (const text of [exportOf(indication), exportOf(`\n  ${indication}\n`), indication])
      expect(eventOfXml(text)).toMatchObject({
        rule: 'instance-created',
        action: reference.action,
        target: reference.target,
        eventTime: reference.eventTime,
      });
  });

  test.each(['2.0', '2.1', '2.2', '2.3', '2.3.1', '2.4'])('version %s of the document type', (version) => {
    const event = eventOfXml(exportOf(inside(' EmbeddedObject="instance"', escaped(source)), version));
    expect(event.id).toBe(reference.id);
    expect(event.tags).toContain(`//cim-indications/dtd-version?value=${version}`);
  });
});

test('of a batch each indication is an event', () => {
  const single = exportOf(instanceXml('CIM_InstCreation', { SourceInstance: GUEST }));
  const [request = ''] = /<SIMPLEEXPREQ>[^]*<\/SIMPLEEXPREQ>/.exec(single) ?? [];
  const other = request.replace('CIM_InstCreation', 'CIM_InstDeletion');
  const batch = single.replace(request, `<MULTIEXPREQ>${request}${other}</MULTIEXPREQ>`);
  expect(outcomesOf(batch)).toMatchObject([{ rule: 'instance-created' }, { rule: 'instance-deleted' }]);
});

test('correlators of version 2.4 are passed over', () => {
  const plain = exportOf(instanceXml('CIM_InstCreation', { SourceInstance: GUEST }), '2.4');
  const correlated = plain.replace(
    '<EXPMETHODCALL',
    '<CORRELATOR NAME="ACME:id" TYPE="string"><VALUE>7</VALUE></CORRELATOR><EXPMETHODCALL',
  );
  expect(eventOfXml(correlated)).toMatchObject({ rule: 'instance-created', target: { id: UUID } });
});

test.each([
  ['a document type', '<!DOCTYPE CIM SYSTEM "x.dtd"><CIM/>', 'CIM_XML_DOCTYPE'],
  ['an entity', '<!DOCTYPE CIM [<!ENTITY a "b">]><CIM/>', 'CIM_XML_DOCTYPE'],
  ['half a message', exportOf('<INSTANCE CLASSNAME="CIM_InstCreation"/>').slice(0, 200), 'CIM_XML_BROKEN'],
  ['another root', '<SOAP><CIM/></SOAP>', 'CIM_NOT_AN_INDICATION'],
  ['no instance', exportOf(''), 'CIM_INDICATION_MISSING'],
])('%s is refused', (_, text, code) => {
  expect(outcomesOf(text)).toMatchObject([{ kind: 'dead-letter', code }]);
});
