import { loadConfig } from '@cadf-pipeline/service-kit';
import { expect, test } from 'vitest';
import { checkCollectSettings, collectSettings } from './collect-settings.ts';

const load = (env: Readonly<Record<string, string>>): unknown =>
  loadConfig(collectSettings, env, { check: checkCollectSettings });

test('what cannot be is told at the start, all of it, and without secrets', () => {
  const credentials = { a: { origin: 'http://cloud-a.example', bearer: 'hunter2' } };
  const env = {
    CADF_CIMI_PROVIDERS: 'https://cloud-a.example,cloud-b.example,https://cloud-c.example/cimi',
    CADF_CIMI_CREDENTIALS: JSON.stringify(credentials),
  };
  expect(() => load(env)).toThrow(
    /has "cloud-b\.example"[\s\S]*has "https:\/\/cloud-c\.example\/cimi"[\s\S]*CREDENTIALS would be sent in the clear at \/a/,
  );
  expect(() => load(env)).not.toThrow(/hunter2/);
});

test('without these settings nothing may be asked, and that is well', () => {
  expect(load({})).toMatchObject({});
});
