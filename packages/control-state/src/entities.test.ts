import { expect, test } from 'vitest';
import { Value } from 'typebox/value';
import { SourceDefinition } from './entities.ts';

const polling = (poll: object): boolean =>
  Value.Check(SourceDefinition, { id: 'cloud-a', type: 'cimi', name: 'Cloud A', poll });
const url = 'https://cloud-a.example/cimi';

test('a source may name a CIMI provider to collect from', () => {
  expect(polling({ url })).toBe(true);
  expect(polling({ url: 'http://127.0.0.1:8080' })).toBe(true);
  expect(polling({ url: 'https://[2001:db8::7]/cloudEntryPoint?format=json' })).toBe(true);
  expect(
    polling({
      url,
      credentials: 'cloud-a',
      everySeconds: 5,
      openJobsEverySeconds: 1,
      collect: ['jobs', 'states'],
      resources: ['machines', 'machineImages'],
    }),
  ).toBe(true);
});

test.each([
  ['a user and a password', { url: 'https://u:p@cloud-a.example/cimi' }],
  ['a user alone', { url: 'https://u@cloud-a.example' }],
  ['a user in front of a backslash', { url: 'https://u\\@cloud-a.example' }],
  ['another scheme', { url: 'file:///etc/passwd' }],
  ['a fragment', { url: `${url}#x` }],
  ['no host', { url: 'https:///cimi' }],
  ['polls in a hurry', { url, everySeconds: 1 }],
  ['nothing to collect', { url, collect: [] }],
  ['something unknown to collect', { url, collect: ['invoices'] }],
  ['the same twice', { url, collect: ['jobs', 'jobs'] }],
  ['a path as a collection', { url, resources: ['../machines'] }],
  ['a member that is not known', { url, password: 'p' }],
])('a provider with %s is refused', (_, poll) => {
  expect(polling(poll)).toBe(false);
});
