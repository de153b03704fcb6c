import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { readerOf } from './chain.test-support.ts';
import { FAULT_CODES, createChainVerifier, readTrustedKeys, verifyPlace } from './index.ts';
import { makeVectors } from './vectors.test-support.ts';
import type { Vector } from './vectors.test-support.ts';

const folder = new URL('../../../docs/federation-vectors/', import.meta.url);

beforeAll(async () => {
  if (process.env['CADF_UPDATE_DOCS'] !== '1') return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, vector] of await makeVectors()) {
    writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(vector, null, 2)}\n`);
  }
});

function vectors(): ReadonlyMap<string, Vector> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return new Map(
    names.map((name) => [name.slice(0, -5), JSON.parse(readFileSync(new URL(name, folder), 'utf8'))]),
  );
}

test('each published vector has the fault that it says, or none', async () => {
  for (const [name, { chain, fault, files, keys, remembered }] of vectors()) {
    const place = new Map(
      Object.entries(files).map(([file, content]) => [
        file,
        'text' in content ? Buffer.from(content.text) : Buffer.from(content.base64, 'base64'),
      ]),
    );
    const trusted = await readTrustedKeys(JSON.stringify(keys));
    const head =
      remembered === undefined
        ? undefined
        : await createChainVerifier({ keys: trusted }).head(Buffer.from(remembered));
    const report = await verifyPlace(readerOf(place), {
      keys: trusted,
      settleMs: 0,
      ...(chain === undefined ? {} : { chain }),
      ...(head === undefined ? {} : { remembered: head }),
    });
    const { code, file, lines, sequence } = report.fault ?? {};
    const found = report.fault === undefined ? null : { code, sequence, file, lines };
    expect(found, name).toEqual(fault === null ? null : { lines: undefined, sequence: undefined, ...fault });
  }
});

test('there are vectors of what is good and of each fault', () => {
  const codes = new Set([...vectors().values()].map(({ fault }) => fault?.code ?? 'good'));
  expect([...codes].toSorted()).toEqual(['good', ...FAULT_CODES].toSorted());
});

test('docs/federation-format.md has each fault and no other', () => {
  const page = readFileSync(new URL('../federation-format.md', folder), 'utf8');
  const table = page.slice(page.indexOf('## Faults'), page.indexOf('## Test vectors'));
  expect([...table.matchAll(/^\| `([a-z-]+)`/gm)].map(([, code]) => code)).toEqual([...FAULT_CODES]);
});
