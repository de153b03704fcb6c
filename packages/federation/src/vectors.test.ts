import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { readerOf } from './chain.test-support.ts';
import {
  FAULT_CODES,
  NOTHING_VERIFIED,
  VerifyFault,
  createChainVerifier,
  followRotations,
  readTrustedKeys,
  verifyPlace,
} from './index.ts';
import type { VerifyReport } from './index.ts';
import { makeVectors } from './vectors.test-support.ts';
import type { Vector } from './vector.test-support.ts';

const folder = new URL('../../../docs/federation-vectors/', import.meta.url);
const page = new URL('../federation-format.md', folder);

beforeAll(async () => {
  if (process.env['CADF_UPDATE_DOCS'] !== '1') return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const made = await makeVectors();
  for (const [name, vector] of made) {
    writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(vector, null, 2)}\n`);
  }
  const text = readFileSync(page, 'utf8');
  writeFileSync(
    page,
    text.replace(/\| vector \|[^]*?\n\n/, () => `${tableOf(made)}\n`),
  );
});

function tableOf(made: ReadonlyMap<string, Vector>): string {
  const rows = [...made].map(([name, { about, fault }]) => {
    const where = [
      fault?.sequence === undefined ? [] : `segment ${fault.sequence}`,
      fault?.file ?? [],
    ].flat();
    const told = fault === null ? 'none' : `\`${fault.code}\`, ${where.join(', ')}`;
    return `| [${name}](federation-vectors/${name}.json) | ${about} | ${told} |\n`;
  });
  return `| vector | what it has | first fault |\n|---|---|---|\n${rows.join('')}`;
}

function vectors(): ReadonlyMap<string, Vector> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return new Map(
    names.map((name) => [name.slice(0, -5), JSON.parse(readFileSync(new URL(name, folder), 'utf8'))]),
  );
}

test('each published vector has the fault that it says, or none', async () => {
  for (const [name, vector] of vectors()) {
    const { fault, withheld = 0 } = vector;
    const report = await verify(vector);
    const { code, file, lines, sequence } = report.fault ?? {};
    const found = report.fault === undefined ? null : { code, sequence, file, lines };
    expect(found, name).toEqual(fault === null ? null : { lines: undefined, sequence: undefined, ...fault });
    if (fault === null) expect(report.withheld, name).toBe(withheld);
  }
});

async function verify({ chain, files, keys, published, remembered }: Vector): Promise<VerifyReport> {
  const place = new Map(
    Object.entries(files).map(([file, content]) => [
      file,
      'text' in content ? Buffer.from(content.text) : Buffer.from(content.base64, 'base64'),
    ]),
  );
  let trusted = await readTrustedKeys(JSON.stringify(keys));
  try {
    if (published !== undefined) trusted = (await followRotations(trusted, published)).keys;
  } catch (error) {
    if (!(error instanceof VerifyFault)) throw error;
    return { ...NOTHING_VERIFIED, fault: error.fault, final: false };
  }
  const head =
    remembered === undefined
      ? undefined
      : await createChainVerifier({ keys: trusted }).head(Buffer.from(remembered));
  return verifyPlace(readerOf(place), {
    keys: trusted,
    settleMs: 0,
    ...(chain === undefined ? {} : { chain }),
    ...(head === undefined ? {} : { remembered: head }),
  });
}

test('what is published is what is made, and the page has each with its fault', async () => {
  const made = await makeVectors();
  expect([...vectors().keys()].toSorted()).toEqual([...made.keys()].toSorted());
  // Packed bytes are not compared: other versions of zlib pack otherwise.
  for (const [name, { files: _, ...vector }] of vectors()) {
    const { files: _files, ...again } = made.get(name)!;
    expect(vector, name).toEqual(again);
  }
  expect(readFileSync(page, 'utf8')).toContain(tableOf(made));
});

test('there are vectors of what is good and of each fault', () => {
  const codes = new Set([...vectors().values()].map(({ fault }) => fault?.code ?? 'good'));
  expect([...codes].toSorted()).toEqual(['good', ...FAULT_CODES].toSorted());
});

test('docs/federation-format.md has each fault and no other', () => {
  const text = readFileSync(page, 'utf8');
  const table = text.slice(text.indexOf('## Faults'), text.indexOf('## Test vectors'));
  expect([...table.matchAll(/^\| `([a-z-]+)`/gm)].map(([, code]) => code)).toEqual([...FAULT_CODES]);
});
