import { expect, test } from 'vitest';
import { outcomesOf } from './cimi-event.test-support.ts';

test.each([
  ['a page of a proxy', '<html><head><title>502</title></head><body>Bad Gateway</body></html>'],
  ['SOAP', '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body/></s:Envelope>'],
  [
    'a schema',
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="Machine"/></xs:schema>',
  ],
  ['an object without a type', '{"hello":"world"}'],
])('%s is told as no resource, not passed over', (_, text) => {
  expect(outcomesOf(text)).toMatchObject([{ kind: 'dead-letter', code: 'CIMI_NOT_A_RESOURCE' }]);
});

test.each([
  ['a type of a vendor', '<Spaceship xmlns="http://example.org/1"><id>spaceships/1</id></Spaceship>'],
  ['a reference', '<Spaceship xmlns="http://example.org/1" href="spaceships/1"/>'],
  [
    'a type of CIMI without id',
    '<Machine xmlns="http://schemas.dmtf.org/cimi/1"><state>STARTED</state></Machine>',
  ],
  ['a type in JSON', '{"resourceURI":"http://example.org/1/Spaceship","name":"x"}'],
])('%s is a resource', (_, text) => {
  expect(outcomesOf(text)).toMatchObject([{ kind: 'ignored', rule: 'resource-state' }]);
});
