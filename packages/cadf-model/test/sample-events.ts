/** Events of our own in the shapes that emitters in the field send. For tests. */
import type { Members } from '../src/json-members.ts';

/** Valid under every profile and without a warning in `strict`. */
export const strictEvent = {
  typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
  id: '1c2f9b1e-6f0a-4f5d-9f0e-0d6b1f3a7c11',
  eventType: 'activity',
  eventTime: '2026-03-04T05:06:07.890123+00:00',
  action: 'update/resize',
  outcome: 'success',
  initiator: {
    id: 'u-17',
    typeURI: 'data/security/account/user',
    name: 'alice',
    domain: 'Default',
    credential: { type: 'urn:example:token', token: 'xxxx', assertions: [{ key: 'mfa', value: 'yes' }] },
    host: { address: '192.0.2.17', agent: 'example-cli/1.0' },
    geolocation: { latitude: '+48.137', longitude: '+11.575', city: 'Munich', regionICANN: 'de' },
  },
  target: {
    id: 'srv-9',
    typeURI: 'compute/machine/vm',
    name: 'web-1',
    addresses: [{ url: 'https://192.0.2.80/servers/9', name: 'public', port: '443' }],
  },
  observer: { id: 'nova-1', typeURI: 'service/compute' },
  reason: { reasonType: 'http://www.iana.org/assignments/http-status-codes', reasonCode: '202' },
  name: 'resize',
  severity: 'normal',
  duration: 'PT1.5S',
  tags: ['//example.org/audit/pci?value=yes', 'correlation_id?value=abc', 'plain'],
  attachments: [{ name: 'flavor', contentType: 'application/json', content: { from: 'm1', to: 'm2' } }],
  reporterchain: [
    {
      role: 'relay',
      reporter: { id: 'collector-1', typeURI: 'service/oss/logging' },
      reporterTime: '2026-03-04T05:06:08+00:00',
    },
  ],
  requestPath: '/v2.1/servers/9/action',
} as const;

/** What the audit middleware of OpenStack services sends when the answer is known. */
export const middlewareEvent = {
  typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
  eventTime: '2026-03-04T05:06:07.890123+0000',
  target: {
    id: 'a4d5a6f0c1f64d0c9b6d2ff0b0a0c001',
    typeURI: 'service/compute/servers',
    addresses: [
      { url: 'http://192.0.2.5:8774/v2.1/p1', name: 'admin' },
      { url: 'http://192.0.2.5:8774/v2.1/p1', name: 'private' },
      { url: 'http://198.51.100.5:8774/v2.1/p1', name: 'public' },
    ],
    name: 'nova',
  },
  observer: { id: 'target' },
  tags: ['correlation_id?value=5f1c6d0e-50a4-5f7e-9e5e-2b7f3d9a1c22'],
  eventType: 'activity',
  initiator: {
    typeURI: 'service/security/account/user',
    name: 'demo',
    credential: { token: '***', identity_status: 'Confirmed' },
    host: { agent: 'python-novaclient', address: '192.0.2.9' },
    project_id: '90639cc63b9140c4bf1ce6decc2ce000',
    id: '4e51922e1f1b47d09644500f0d1e7000',
  },
  reason: { reasonCode: '200', reasonType: 'HTTP' },
  reporterchain: [
    { reporterTime: '2026-03-04T05:06:07.990000+0000', role: 'modifier', reporter: { id: 'target' } },
  ],
  action: 'read/list',
  outcome: 'success',
  id: 'e4a2a9fb-1f50-54db-85ac-117977910001',
  requestPath: '/v2.1/servers/detail',
} as const;

/** A Keystone notification's event: dotted action, resource_info. */
export const keystoneEvent = {
  typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
  initiator: {
    typeURI: 'service/security/account/user',
    host: { agent: 'python-keystoneclient', address: '192.0.2.9' },
    user_id: 'u1',
    id: 'u1',
  },
  target: { typeURI: 'data/security/project', id: 'p1' },
  observer: { typeURI: 'service/security', id: 'ks1' },
  eventType: 'activity',
  eventTime: '2026-03-04T05:06:07.890123+0000',
  action: 'created.project',
  outcome: 'success',
  id: 'c65c273a-318d-5c7f-942c-1a0305f70000',
  resource_info: 'p1',
} as const;

/** A copy with some members replaced; `undefined` removes one. */
export function changed(event: Members, changes: Readonly<Record<string, unknown>>): Members {
  const copy: Record<string, unknown> = { ...structuredClone(event), ...changes };
  for (const [name, value] of Object.entries(changes)) if (value === undefined) delete copy[name];
  return copy;
}

/** A copy with the value at a JSON Pointer replaced; `undefined` removes it. The parent has to exist. */
export function withValue(event: Members, pointer: string, value: unknown): Members {
  const copy = structuredClone(event) as Record<string, unknown>;
  const tokens = pointer.split('/').slice(1);
  const last = tokens.pop() ?? '';
  let parent = copy as Record<string, unknown>;
  for (const token of tokens) parent = parent[token] as Record<string, unknown>;
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}
