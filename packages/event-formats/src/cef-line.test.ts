import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventToWrite } from '../../../test/support/event-to-write.ts';
import { cefLine } from './cef-line.ts';
import { parseCef } from './parse-cef.test-support.ts';

test('the members of an event stand where SIEMs look for them', () => {
  const given = eventToWrite(12, {
    action: 'authenticate/login',
    outcome: 'failure',
    reason: { reasonType: 'HTTP', reasonCode: '401' },
    initiator: {
      id: 'u1',
      typeURI: 'service/security/account/user',
      name: 'alice',
      domain: 'acme',
      project_id: 'p1',
      host: { address: '192.0.2.7', agent: 'curl/8' },
    },
    target: {
      id: 't1',
      typeURI: 'data/security/account/user',
      name: 'root',
      addresses: [{ url: 'https://[2001:db8::1]:8443/v3' }],
    },
    observer: {
      id: 'o1',
      typeURI: 'service/security',
      name: 'keystone',
      host: { address: 'keystone.example' },
    },
  });
  expect(parseCef(cefLine(given))).toEqual({
    header: [
      'cadf-pipeline',
      'CADF',
      '1.0',
      'authenticate/login',
      'authenticate/login data/security/account/user',
      '6',
    ],
    extension: {
      rt: String(Date.UTC(2026, 10, 21, 10, 0, 0, 123)),
      externalId: 'event-5',
      cat: 'activity',
      act: 'authenticate/login',
      outcome: 'failure',
      reason: '401',
      msg: 'alice: authenticate/login root: failure',
      suser: 'alice',
      suid: 'u1',
      sntdom: 'acme',
      src: '192.0.2.7',
      requestClientApplication: 'curl/8',
      duser: 'root',
      duid: 't1',
      dpt: '8443',
      c6a3: '2001:db8::1',
      c6a3Label: 'Destination IPv6 Address',
      dvchost: 'keystone.example',
      deviceExternalId: 'o1',
      cs1: 'service/security/account/user',
      cs1Label: 'initiatorTypeURI',
      cs2: 'data/security/account/user',
      cs2Label: 'targetTypeURI',
      cs3: 't1',
      cs3Label: 'targetId',
      cs4: 'root',
      cs4Label: 'targetName',
      cs5: 'nova-region-a',
      cs5Label: 'source',
      cs6: '0.12',
      cs6Label: 'position',
      flexString1: 'p1',
      flexString1Label: 'initiatorProject',
      deviceCustomDate1: String(given.receivedMs),
      deviceCustomDate1Label: 'received',
    },
  });
});

test('a role that is given by its id, or by another role, is found', () => {
  const line = cefLine(
    eventToWrite(1, { initiator: undefined, initiatorId: 'u9', observer: { id: 'target' } }),
  );
  expect(parseCef(line).extension).toMatchObject({ suid: 'u9', deviceExternalId: 'vm-1', dvchost: 'web' });
});

test.each([
  [{ outcome: 'success' }, '3'],
  [{ outcome: 'failure/denied' }, '6'],
  [{ outcome: 'pending' }, '3'],
  [{ outcome: 'unknown' }, '5'],
  [{ outcome: 'other' }, '5'],
  [{ severity: 'Critical' }, '9'],
  [{ severity: '10' }, '10'],
  [{ severity: 7 }, '7'],
  [{ severity: '11', outcome: 'failure' }, '6'],
  [{ severity: 'constructor' }, '3'],
  [{ outcome: 'toString' }, '5'],
])('severity of %j is %s', (members, severity) => {
  expect(parseCef(cefLine(eventToWrite(0, members))).header[5]).toBe(severity);
});

test('what is special in CEF is escaped, and comes back as it was', () => {
  const nasty = String.raw`a|b=c\d` + '\nnext\rline';
  const { header, extension } = parseCef(
    cefLine(
      eventToWrite(0, { action: 'x|y\\z=', name: nasty, initiator: { id: nasty, name: 'suser=root act' } }),
    ),
  );
  expect(header[3]).toBe('x|y\\z=');
  expect(header[4]).toBe(String.raw`a|b=c\d next line`);
  expect(extension).toMatchObject({ suid: nasty, suser: 'suser=root act', act: 'x|y\\z=' });
});

test('what is no event, or says nothing, makes a line all the same', () => {
  for (const event of [null, [], 'text', {}])
    expect(parseCef(cefLine({ ...eventToWrite(3), event })).extension).toMatchObject({ cs6: '0.3' });
});

test('whatever the texts of an event are: one line that reads back as it was written, within bounds', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.constant('x'.repeat(9000)),
  );
  const resource = fc.record({
    id: text,
    typeURI: text,
    name: text,
    host: fc.record({ address: text, agent: text }),
  });
  fc.assert(
    fc.property(
      fc.record({
        id: text,
        action: text,
        outcome: text,
        name: text,
        initiator: resource,
        target: resource,
        observer: resource,
      }),
      (members) => {
        const line = cefLine(eventToWrite(0, members));
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        expect(line.isWellFormed()).toBe(true);
        expect(line.length).toBeLessThan(65_536);
        const { extension } = parseCef(line);
        const id = members.id.slice(0, 4000).toWellFormed();
        const plain = id.replaceAll(/(?![\n\r])[\p{Cc}\u2028\u2029]/gu, ' ');
        expect((extension['externalId'] ?? '').trimEnd()).toBe(plain.trimEnd());
      },
    ),
    { numRuns: 200 },
  );
});
