import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rapiMeaning, readHttpRequest } from './rapi.ts';

test.each([
  [
    '[2001:db8::7]:4711 POST /2/instances HTTP/1.1 200',
    { address: '2001:db8::7', method: 'POST', path: '/2/instances', code: 200 },
  ],
  [
    '192.0.2.1:4711 GET /2/jobs HTTP/1.1 200',
    { address: '192.0.2.1', method: 'GET', path: '/2/jobs', code: 200 },
  ],
  ['192.0.2.1:4711 None 401', { address: '192.0.2.1', code: 401 }],
  ['2001:db8::1:4711 None 401', { address: '2001:db8::1', code: 401 }],
  [
    '192.0.2.1 - "PUT /2/modify HTTP/1.1" 200 -',
    { address: '192.0.2.1', method: 'PUT', path: '/2/modify', code: 200 },
  ],
])('%s', (text, expected) => {
  expect(readHttpRequest(text)).toEqual(expected);
});

test.each(['', 'daemon startup', '192.0.2.1:4711 GET /2/jobs HTTP/1.1', '192.0.2.1 GET / HTTP/1.1 200'])(
  'is no request: "%s"',
  (text) => {
    expect(readHttpRequest(text)).toBeUndefined();
  },
);

test.each([
  ['POST', '/2/instances', { kind: 'job', op: 'INSTANCE_CREATE', facts: {} }],
  ['DELETE', '/2/instances/a%2Fb', { kind: 'job', op: 'INSTANCE_REMOVE', facts: { name: 'a/b' } }],
  ['POST', '/2/instances/a/disk/3/grow', { kind: 'job', op: 'INSTANCE_GROW_DISK', facts: { name: 'a' } }],
  ['PUT', '/2/nodes/n/storage/repair?x=1', { kind: 'job', op: 'REPAIR_NODE_STORAGE', facts: { name: 'n' } }],
  [
    'DELETE',
    '/2/groups/g/tags?tag=x',
    { kind: 'job', op: 'TAGS_DEL', facts: { name: 'g', taggedKind: 'nodegroup' } },
  ],
  ['PUT', '/2/networks/n/connect?dry-run=1', { kind: 'job', op: 'NETWORK_CONNECT', isDryRun: true }],
  ['PUT', '/2/networks/n/connect?dry-run=0', { kind: 'job', op: 'NETWORK_CONNECT', isDryRun: false }],
  ['PUT', '/2/redistribute-config', { kind: 'job', op: 'CLUSTER_REDIST_CONF' }],
  ['GET', '/2/instances/a', { kind: 'read' }],
  ['GET', '/2/jobs/7/wait', { kind: 'read' }],
  ['PUT', '/2/instances/a/fly', { kind: 'direct', action: 'unknown', rule: 'unmapped-rapi' }],
  ['PUT', '/2/instances/a/constructor', { kind: 'direct', action: 'unknown', rule: 'unmapped-rapi' }],
])('%s %s', (method, path, expected) => {
  expect(rapiMeaning(method, path)).toMatchObject(expected);
});

test('any path has a meaning', () => {
  fc.assert(
    fc.property(fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'X'), fc.string(), (method, path) => {
      expect(['job', 'direct', 'read']).toContain(rapiMeaning(method, `/2/${path}`).kind);
    }),
  );
});
