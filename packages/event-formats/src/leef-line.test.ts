import { expect, test } from 'vitest';
import { eventToWrite } from '../../../test/support/event-to-write.ts';
import { leefLine } from './leef-line.ts';
import { parseLeef } from './parse-leef.test-support.ts';

test('the members of an event stand where QRadar looks for them, the others under their names', () => {
  const given = eventToWrite(12, {
    action: 'authenticate/login',
    outcome: 'failure',
    reason: { reasonType: 'HTTP', reasonCode: '401', policyId: 'p-7' },
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
    observer: { id: 'o1', typeURI: 'service/security', name: 'keystone' },
  });
  expect(parseLeef(leefLine(given))).toEqual({
    header: ['cadf-pipeline', 'CADF', '1.0', 'authenticate/login'],
    attributes: {
      devTime: String(Date.UTC(2026, 10, 21, 10, 0, 0, 123)),
      cat: 'failure',
      sev: '6',
      src: '192.0.2.7',
      dst: '2001:db8::1',
      dstPort: '8443',
      usrName: 'alice',
      domain: 'acme',
      accountName: 'root',
      resource: 'root',
      policy: 'p-7',
      msg: 'alice: authenticate/login root: failure',
      eventId: 'event-5',
      eventType: 'activity',
      reason: '401',
      initiatorId: 'u1',
      initiatorTypeURI: 'service/security/account/user',
      initiatorProject: 'p1',
      initiatorAgent: 'curl/8',
      targetId: 't1',
      targetTypeURI: 'data/security/account/user',
      observerId: 'o1',
      observerTypeURI: 'service/security',
      observerName: 'keystone',
      source: 'nova-region-a',
      position: '0.12',
      received: String(given.receivedMs),
    },
  });
});

test('what would end a field or an attribute is written otherwise', () => {
  const line = leefLine(eventToWrite(0, { action: 'a|b\tc=d', name: 'x\ty=z|\nsev=10', severity: '0' }));
  const { attributes, header } = parseLeef(line);
  expect(header[3]).toBe('a/b c=d');
  expect(attributes).toMatchObject({ eventName: 'x y=z| sev=10', sev: '1' });
  expect(line).not.toMatch(/[\n\r\u2028\u2029]/u);
});
