/** Asks a running service for exports and takes their files. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directoryReader, readTrustedKeys, verifyPlace } from '@cadf-pipeline/federation';
import type { VerifyReport } from '@cadf-pipeline/federation';
import { expect, onTestFinished } from 'vitest';
import { ndjson } from './events.ts';
import { until } from './service.ts';
import type { TestService } from './service.ts';

export const EXPORTS = '/cadf/v1/exports';
/** Beside the files of events. */
export const SIGNED = ['000000000001.manifest.json', '000000000001.manifest.jws', 'head.jws'] as const;
const JSON_BODY = { 'content-type': 'application/json' };

export interface ExportAnswer {
  readonly id: string;
  readonly status: string;
  readonly progress: { readonly events: number; readonly total?: number; readonly part: number };
  readonly files: readonly {
    readonly name: string;
    readonly bytes: number;
    readonly sha256: string;
    readonly events: number;
    readonly href: string;
    readonly role?: 'origins';
  }[];
  readonly failure?: { readonly code: string; readonly detail: string };
}

/** Resolves when all of them can be read. */
export async function submitEvents(
  service: TestService,
  source: string,
  events: readonly object[],
): Promise<void> {
  for (let from = 0; from < events.length; from += 2000) {
    const body = ndjson(events.slice(from, from + 2000));
    const headers = { 'content-type': 'application/x-ndjson' };
    const answer = await service.fetch(`/cadf/v1/events?source=${source}`, { method: 'POST', body, headers });
    expect(answer.status).toBe(202);
  }
  await until(async () => {
    const answer = await service.fetch(`/cadf/v1/count?source=${source}`);
    const { count } = (await answer.json()) as { count: number };
    return count >= events.length;
  });
}

/** Answers the id. */
export async function askExport(service: TestService, body: object, key?: string): Promise<string> {
  const asked = { method: 'POST', body: JSON.stringify(body), headers: JSON_BODY };
  const answer = await service.fetch(EXPORTS, { ...asked, ...(key === undefined ? {} : { key }) });
  const said = (await answer.json()) as ExportAnswer;
  expect([answer.status, said.status], JSON.stringify(said)).toEqual([202, 'queued']);
  return said.id;
}

export async function readExport(service: TestService, id: string, key?: string): Promise<ExportAnswer> {
  const answer = await service.fetch(`${EXPORTS}/${id}`, key === undefined ? {} : { key });
  return (await answer.json()) as ExportAnswer;
}

export async function exportEnded(
  service: TestService,
  id: string,
  key?: string,
  withinMs = 60_000,
): Promise<ExportAnswer> {
  let last: ExportAnswer | undefined;
  await until(
    async () => {
      last = await readExport(service, id, key);
      return ['done', 'failed', 'cancelled'].includes(last.status);
    },
    withinMs,
    () => `${JSON.stringify(last)}\n${service.output().slice(-3000)}`,
  );
  if (last === undefined) throw new Error('it was not read');
  return last;
}

export async function download(
  service: TestService,
  href: string,
  init: { readonly key?: string; readonly headers?: Record<string, string> } = {},
): Promise<{ readonly status: number; readonly headers: Headers; readonly bytes: Buffer }> {
  const { headers, status, ...answer } = await service.fetch(href, init).then(async (got) => ({
    status: got.status,
    headers: got.headers,
    bytes: Buffer.from(await got.arrayBuffer()),
  }));
  return { status, headers, bytes: answer.bytes };
}

/** All files of an export, held against what is said of them, in a directory that goes at the end of the test. */
export async function savedExport(
  service: TestService,
  { files, id }: ExportAnswer,
): Promise<{
  readonly directory: string;
  /** Of the files of events, and of those beside them. */
  readonly contents: readonly Buffer[];
  readonly origins: readonly Buffer[];
}> {
  const directory = mkdtempSync(join(tmpdir(), 'exported-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const contents: Buffer[] = [];
  const origins: Buffer[] = [];
  for (const { bytes, href, name, role, sha256 } of files) {
    const file = await download(service, href);
    const digest = createHash('sha256').update(file.bytes).digest('hex');
    expect([file.bytes.length, digest]).toEqual([bytes, sha256]);
    writeFileSync(join(directory, name), file.bytes);
    (role === 'origins' ? origins : contents).push(file.bytes);
  }
  for (const name of SIGNED)
    writeFileSync(join(directory, name), (await download(service, `${EXPORTS}/${id}/files/${name}`)).bytes);
  return { directory, contents, origins };
}

/** With the keys that the service publishes, and nothing else of it. */
export async function verifyExport(service: TestService, directory: string): Promise<VerifyReport> {
  const published = await fetch(`${service.url}/.well-known/cadf-federation.json`);
  const keys = await readTrustedKeys(await published.text());
  return verifyPlace(directoryReader(directory), { keys });
}

export function linesOf(contents: readonly Buffer[]): string[] {
  return contents.flatMap((content) => content.toString().split('\n').slice(0, -1));
}
