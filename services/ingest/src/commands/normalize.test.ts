/** `cadf normalize` and `cadf sources` as a process: what a shell sees of them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { validateEvent } from '@cadf-pipeline/cadf-model';

const launcher = fileURLToPath(new URL('../../../../packages/cli/bin/cadf.js', import.meta.url));
const captured = readFileSync(new URL('../../../../fixtures/libvirt-audit.log', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cadf-normalize-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Run {
  readonly status: number | null;
  readonly events: readonly Record<string, unknown>[];
  readonly stderr: string;
}

async function cadf(commandLine: readonly string[], stdin: string | Buffer = ''): Promise<Run> {
  const child = spawn(process.execPath, [launcher, ...commandLine], { cwd: folder });
  child.stdin.on('error', () => {});
  child.stdin.end(stdin);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [status] = (await once(child, 'close')) as [number | null];
  const lines = stdout.split('\n').filter((line) => line !== '');
  return { status, stderr, events: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

function file(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return name;
}

interface Summary {
  readonly records: number;
  readonly events: number;
  readonly folded: number;
  readonly ignored: number;
  readonly unmapped: number;
  readonly deadLettered: number;
}

function summaryOf({ stderr }: Run): Summary {
  return JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? '') as Summary;
}

const lines = captured.toString('utf8').trimEnd().split('\n').length;

test('every line of a captured log is accounted for, and what is printed is CADF', async () => {
  const run = await cadf(['normalize', '--json-summary', file('audit.log', captured)]);
  expect(run.status, run.stderr).toBe(0);
  const summary = summaryOf(run);
  expect(summary.records).toBe(lines);
  expect(summary.events + summary.folded + summary.ignored + summary.deadLettered).toBe(lines);
  expect(run.events).toHaveLength(summary.events);
  expect(summary.events).toBeGreaterThan(0);
  for (const event of run.events) expect(validateEvent(event, 'strict')).toEqual([]);
  expect(run.stderr).toMatch(/^\d+ records: \d+ events/m);
  expect(run.stderr).toMatch(/^ +\d+ {2}event +control-start-booted$/m);
});

test('a type that is named gives what auto gives, packed or not, from a file or standard input', async () => {
  const auto = await cadf(['normalize', '-q', '--host', 'h1', file('audit.log', captured)]);
  const named = await cadf([
    'normalize',
    '-q',
    '--host',
    'h1',
    '--type',
    'libvirt-audit',
    file('a.gz', gzipSync(captured)),
  ]);
  const piped = await cadf(['normalize', '-q', '--host', 'h1', '-t', 'libvirt-audit', '-'], captured);
  const ids = (run: Run): unknown[] => run.events.map((event) => event['id']);
  expect(ids(auto)).toEqual(ids(named));
  expect(ids(piped)).toEqual(ids(named));
  expect(auto.stderr).toBe('');
});

test('what cannot be read is shown with its line, up to a number, and counted whole', async () => {
  const name = file('mixed.log', `what is this\n${captured.toString()}\u0007and this\n`);
  const run = await cadf(['normalize', '--max-dead-letters', '1', '--json-summary', name]);
  expect(run.status).toBe(0);
  expect(run.stderr).toMatch(/^mixed\.log: line 1: dead letter AUTO_NOT_RECOGNIZED: /m);
  expect(run.stderr).toContain('1 dead-lettered records are not shown');
  expect(summaryOf(run).deadLettered).toBe(2);
});

test('--explain says which rule made which member, and from what', async () => {
  const run = await cadf(['normalize', '--explain', '--type', 'libvirt-audit', file('audit.log', captured)]);
  expect(run.events.length).toBeGreaterThan(0);
  expect(run.stderr).toMatch(
    /^audit\.log: line \d+.*: event by rule control-start-booted of libvirt-audit: /m,
  );
  expect(run.stderr).toMatch(/^ {4}action = start {2}<- op/m);
  expect(run.stderr).toMatch(/^ {4}initiator\.id = .+ {2}<- auid/m);
});

test('settings reach the source', async () => {
  const line =
    captured
      .toString()
      .split('\n')
      .find((text) => text.includes('resrc=cgroup')) ?? '';
  const name = file('cgroup.log', `${line}\n`);
  expect((await cadf(['normalize', '-t', 'libvirt-audit', name])).events).toHaveLength(0);
  expect((await cadf(['normalize', '-t', 'libvirt-audit', '-o', 'cgroup=events', name])).events).toHaveLength(
    1,
  );
});

test('a file that is missing, a type that is none and a zone that is none are told, with status 2', async () => {
  expect(await cadf(['normalize', 'missing.log'])).toMatchObject({ status: 2, stderr: expect.stringContaining('no such file') });
  expect(await cadf(['normalize', '--type', 'no-such', file('a.log', 'x')])).toMatchObject({ status: 2, stderr: expect.stringContaining('no-such') });
  const zone = ['normalize', '-o', 'timezone=Mars/Base', file('b.log', captured)];
  expect(await cadf(zone)).toMatchObject({ status: 2, stderr: expect.stringContaining('Mars/Base') });
}); // prettier-ignore

test('an empty file has no records', async () => {
  expect(summaryOf(await cadf(['normalize', '--json-summary', file('empty.log', '')]))).toEqual({
    records: 0,
    events: 0,
    folded: 0,
    ignored: 0,
    unmapped: 0,
    deadLettered: 0,
  });
});

test('sources lists the types, for people and as JSON', async () => {
  const child = spawn(process.execPath, [launcher, 'sources'], { cwd: folder });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  await once(child, 'close');
  expect(stdout).toMatch(/^libvirt-audit +libvirt: /m);
  expect(stdout).toMatch(/^auto +/m);
  const json = await cadf(['sources', '--json']);
  expect(json.events.find(({ type }) => type === 'libvirt-audit')).toMatchObject({
    vendor: 'libvirt',
    framings: ['lines'],
    rules: expect.any(Object),
  });
});
