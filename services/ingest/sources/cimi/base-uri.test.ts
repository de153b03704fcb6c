import { expect, test } from 'vitest';
import { createNormalizer } from './normalizer.ts';

const text = JSON.stringify({
  resourceURI: 'http://schemas.dmtf.org/cimi/2/Job',
  id: 'jobs/1',
  state: 'SUCCESS',
  action: 'start',
  targetResource: { href: 'machines/1' },
  timeOfStatusChange: '2026-01-01T00:00:00Z',
});

function targetOf(baseUri: string | undefined, options: Readonly<Record<string, string>> = {}): unknown {
  const [outcome] = createNormalizer({ sourceName: 'cloud-a', options }).push({
    text,
    receivedMs: 1_767_225_600_000,
    ...(baseUri === undefined ? {} : { envelope: { baseUri } }),
  });
  return outcome?.kind === 'event' ? outcome.event.target : outcome;
}

test('references are relative to what the collector found, else to the setting', () => {
  const options = { 'base-uri': 'https://set.example/cimi/' };
  expect(targetOf('https://found.example/cimi/', options)).toMatchObject({
    id: 'https://found.example/cimi/machines/1',
  });
  expect(targetOf(undefined, options)).toMatchObject({ id: 'https://set.example/cimi/machines/1' });
});

test('a normalizer reads records of several entry points', () => {
  const normalizer = createNormalizer({ sourceName: 'cloud-a' });
  const targets = ['https://a.example/', 'https://b.example/', undefined].map((baseUri) => {
    const [outcome] = normalizer.push({
      text,
      receivedMs: 1_767_225_600_000,
      ...(baseUri === undefined ? {} : { envelope: { baseUri } }),
    });
    return outcome?.kind === 'event' ? outcome.event.target : undefined;
  });
  expect(targets).toMatchObject([
    { id: 'https://a.example/machines/1' },
    { id: 'https://b.example/machines/1' },
    { id: 'cloud-a/machines/1' },
  ]);
});
