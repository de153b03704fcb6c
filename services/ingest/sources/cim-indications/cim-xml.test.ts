import fc from 'fast-check';
import { expect, test } from 'vitest';
import { embeddedIn, valueOf, valuesOf } from './cim-instance.ts';
import type { CimInstance } from './cim-instance.ts';
import { CimXmlRefusal, readCimXml } from './cim-xml.ts';
import { redactCimXml } from './redact-values.ts';

function indication(xml: string): CimInstance | undefined {
  return readCimXml(xml).parts[0]?.indication;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const INNER =
  '<INSTANCE CLASSNAME="B"><PROPERTY NAME="Name" TYPE="string"><VALUE>n</VALUE></PROPERTY></INSTANCE>';
const property = (attributes: string, value: string): string =>
  `<INSTANCE CLASSNAME="A"><PROPERTY NAME="S" TYPE="string"${attributes}><VALUE>${value}</VALUE></PROPERTY></INSTANCE>`;

test.each([
  ['escaped', property(' EmbeddedObject="instance"', escaped(INNER))],
  ['in CDATA', property(' EmbeddedObject="object"', `<![CDATA[${INNER}]]>`)],
  ['by the older spelling', property(' EMBEDDEDOBJECT="object"', escaped(INNER))],
  ['without the attribute', property('', escaped(INNER))],
  ['behind a declaration', property('', escaped(`<?xml version="1.0"?>${INNER}`))],
])('an instance embedded %s is read', (_, xml) => {
  const inner = embeddedIn(indication(xml), 's');
  expect([inner?.className, valueOf(inner, 'NAME')]).toEqual(['B', 'n']);
});

test('each value of an array may be an instance', () => {
  const value = `<VALUE>${escaped(INNER)}</VALUE>`;
  const array = `<PROPERTY.ARRAY NAME="S" TYPE="string" EmbeddedObject="instance"><VALUE.ARRAY>${value}${value}</VALUE.ARRAY></PROPERTY.ARRAY>`;
  const found = indication(`<INSTANCE CLASSNAME="A">${array}</INSTANCE>`);
  expect(found?.properties.get('s')?.instances.map(({ className }) => className)).toEqual(['B', 'B']);
});

test('values are texts as written, qualifiers are none, references are their keys', () => {
  const found = indication(
    '<INSTANCE CLASSNAME="A"><QUALIFIER NAME="q" TYPE="string"><VALUE>x</VALUE></QUALIFIER>' +
      '<PROPERTY NAME="Null" TYPE="string"/><PROPERTY.REFERENCE NAME="R"><VALUE.REFERENCE><INSTANCENAME CLASSNAME="C">' +
      '<KEYBINDING NAME="K"><KEYVALUE>1</KEYVALUE></KEYBINDING></INSTANCENAME></VALUE.REFERENCE></PROPERTY.REFERENCE></INSTANCE>',
  );
  expect([...(found?.properties.keys() ?? [])]).toEqual(['null', 'r']);
  expect(valuesOf(found, 'R')).toEqual(['C,K=1']);
});

const call = `<EXPMETHODCALL NAME="ExportIndication"><EXPPARAMVALUE NAME="NewIndication">${INNER}</EXPPARAMVALUE></EXPMETHODCALL>`;

test('a batch has a part for each, with its own text', () => {
  const one = `<SIMPLEEXPREQ>${call}</SIMPLEEXPREQ>`;
  const { parts, id } = readCimXml(
    `<?xml version="1.0"?>\n<CIM CIMVERSION="2.0"><MESSAGE ID="7"><MULTIEXPREQ>${one}${one}</MULTIEXPREQ></MESSAGE></CIM>`,
  );
  expect(id).toBe('7');
  expect(parts.map(({ text }) => text)).toEqual([call, call]);
});

test.each([
  ['CIM_XML_DOCTYPE', '<!DOCTYPE CIM [<!ENTITY a "b">]><CIM>&a;</CIM>'],
  ['CIM_XML_DOCTYPE', property(' EmbeddedObject="instance"', escaped(`<!DOCTYPE x>${INNER}`))],
  ['CIM_XML_BROKEN', '<CIM>&other;</CIM>'],
  ['CIM_XML_BROKEN', '<CIM><MESSAGE>'],
  ['CIM_XML_BROKEN', property(' EmbeddedObject="instance"', escaped('<INSTANCE CLASSNAME="B">'))],
  ['CIM_XML_TOO_LARGE', `<CIM>${'<a>'.repeat(60)}${'</a>'.repeat(60)}</CIM>`],
  ['CIM_XML_TOO_LARGE', `<CIM>${'<a/>'.repeat(60_000)}</CIM>`],
  ['CIM_XML_TOO_LARGE', `<CIM>${'<EXPMETHODCALL NAME="x"/>'.repeat(1001)}</CIM>`],
  ['CIM_NOT_AN_INDICATION', '<Event/>'],
  ['CIM_NOT_AN_INDICATION', 'text'],
])('%s: %.60s', (code, xml) => {
  expect(() => readCimXml(xml)).toThrow(expect.objectContaining({ code }));
});

test('embedding goes on to a bound only', () => {
  let xml = INNER;
  for (let level = 0; level < 8; level++) xml = property(' EmbeddedObject="instance"', escaped(xml));
  let depth = 0;
  for (let at = indication(xml); at !== undefined; at = embeddedIn(at, 'S')) depth++;
  expect(depth).toBe(5);
});

test('whatever a value is, escaped twice, it is read as that; any other text is read or refused', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '<', '&', '>', '"', ']]>', 'é', 'VALUE') });
  fc.assert(
    fc.property(text, (value) => {
      const inner = `<INSTANCE CLASSNAME="B"><PROPERTY NAME="Name" TYPE="string"><VALUE>${escaped(value)}</VALUE></PROPERTY></INSTANCE>`;
      const found = indication(property(' EmbeddedObject="instance"', escaped(inner)));
      expect(valuesOf(embeddedIn(found, 'S'), 'Name')).toEqual([value]);
      try {
        readCimXml(`<CIM>${value}`);
      } catch (error) {
        expect(error).toBeInstanceOf(CimXmlRefusal);
      }
    }),
  );
});

const SECRET = '<PROPERTY NAME="UserPassword" TYPE="string"><VALUE>hunter2</VALUE></PROPERTY>';

test.each([
  SECRET,
  escaped(SECRET).replaceAll('"', '&quot;'),
  SECRET.replace('hunter2', '<![CDATA[hunter2]]>'),
  '<PROPERTY.ARRAY NAME="Secret"><VALUE.ARRAY><VALUE>x</VALUE><VALUE>hunter2</VALUE></VALUE.ARRAY></PROPERTY.ARRAY>',
  '<VALUE>run --password hunter2</VALUE>',
  '<PROPERTY NAME="Credentials" TYPE="string"><VALUE>hunter2</VALUE></PROPERTY>',
])('secrets go, the XML stays: %s', (xml) => {
  const clean = redactCimXml(xml);
  expect(clean).not.toContain('hunter2');
  expect(clean).toContain('***');
  expect(clean.replaceAll('***', '').length).toBeGreaterThan(20);
  expect(clean.match(/VALUE/g)).toEqual(xml.match(/VALUE/g));
});

test('without a secret the text is the same', () => {
  expect(redactCimXml(property('', 'a password is needed'))).toBe(property('', 'a password is needed'));
});
