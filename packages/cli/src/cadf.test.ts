/** The `cadf` command as a process: what a shell sees of it. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { validEvent } from './validate/valid-event.ts';

const launcher = fileURLToPath(new URL('../bin/cadf.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cadf-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Run {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(commandLine: readonly string[], node = process.execPath): ChildProcess {
  const child = spawn(node, [launcher, ...commandLine], { cwd: folder });
  child.stdin?.on('error', () => {}); // it may end before it has read everything
  return child;
}

async function ended(child: ChildProcess): Promise<Run> {
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const [status, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { status, signal, ...output };
}

async function cadf(
  commandLine: readonly string[],
  stdin: string | Buffer = '',
  node?: string,
): Promise<Run> {
  const child = start(commandLine, node);
  child.stdin?.end(stdin);
  return ended(child);
}

function file(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return name;
}

const good = JSON.stringify(validEvent);
const bad = JSON.stringify({ ...validEvent, outcome: 'maybe' });
const outcomeColumn = bad.indexOf('"maybe"') + 1;

describe('cadf validate', () => {
  test('answers 0 and one summary line for valid events, of many files', async () => {
    const files = [
      file('one.json', good),
      file('list.json', `[${good},${good}]`),
      file('rows.ndjson', `${good}\n${good}\n`),
    ];
    const { status, stdout, stderr } = await cadf(['validate', ...files]);
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: '5 events, 5 valid, 0 with errors, 0 warnings\n',
      stderr: '',
    });
  });

  test('answers 1 and one line per fault, with file, line, column, severity, code, pointer and repair', async () => {
    const name = file('some.ndjson', `${good}\n\n  ${bad}\n{"id":\n`);
    const { status, stdout } = await cadf(['validate', name]);
    expect(status).toBe(1);
    const [outcome, syntax, summary] = stdout.split('\n');
    expect(outcome).toMatch(
      new RegExp(
        String.raw`^some\.ndjson:3:${outcomeColumn + 2}: error CADF_OUTCOME_NOT_IN_TAXONOMY /outcome .+"maybe" \(repair: .+\)$`,
      ),
    );
    expect(syntax).toMatch(/^some\.ndjson:4:7: error CADF_READ_JSON \(root\) .+ \(repair: .+\)$/);
    expect(summary).toBe('3 events, 1 valid, 2 with errors, 0 warnings');
  });

  test('judges by the profile asked for', async () => {
    const name = file('zulu.json', JSON.stringify({ ...validEvent, eventTime: '2026-11-02T08:15:30Z' }));
    expect(await cadf(['validate', name])).toMatchObject({ status: 0 });
    const strict = await cadf(['validate', '--profile', 'strict', name]);
    expect(strict).toMatchObject({ status: 1 });
    expect(strict.stdout).toContain('error CADF_TIME_ZULU /eventTime');
  });

  test('shows JSON objects, the summary last, with --format json', async () => {
    const { status, stdout } = await cadf(['validate', '--format', 'json', '-'], `${good}\n${bad}\n`);
    expect(status).toBe(1);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    ).toEqual([
      {
        type: 'fault',
        file: '<stdin>',
        line: 2,
        column: outcomeColumn,
        severity: 'error',
        code: 'CADF_OUTCOME_NOT_IN_TAXONOMY',
        pointer: '/outcome',
        message: expect.stringContaining('"maybe"'),
        hint: expect.any(String),
      },
      {
        type: 'summary',
        profile: 'openstack',
        files: 1,
        unreadable: 0,
        events: 2,
        valid: 1,
        withErrors: 1,
        errors: 1,
        warnings: 0,
        notShown: 0,
      },
    ]);
  });

  test('shows nothing with --quiet', async () => {
    expect(await cadf(['validate', '-q', '-'], bad)).toMatchObject({ status: 1, stdout: '', stderr: '' });
  });

  test('counts the faults past --max-faults without showing them', async () => {
    const { stdout } = await cadf(['validate', '--max-faults', '1', '-'], `${bad}\n${bad}\n${bad}\n`);
    expect(stdout.split('\n')).toEqual([
      expect.stringContaining('<stdin>:1:'),
      '3 events, 0 valid, 3 with errors, 0 warnings, 2 faults not shown',
      '',
    ]);
  });

  test('reads gzip and zstd, several of them in one file', async () => {
    const twice = file('rows.gz', Buffer.concat([gzipSync(`${good}\n`), gzipSync(`${bad}\n`)]));
    expect((await cadf(['validate', twice])).stdout).toContain('2 events, 1 valid, 1 with errors');
    const zstd = file('event.zst', zstdCompressSync(good));
    expect((await cadf(['validate', zstd])).stdout).toContain('1 event, 1 valid');
    const frames = [zstdCompressSync(`${good}\n`), zstdCompressSync(`${bad}\n`), zstdCompressSync(good)];
    const appended = file('rows.zst', Buffer.concat(frames));
    expect((await cadf(['validate', appended])).stdout).toContain('3 events, 2 valid, 1 with errors');
    const cut = await cadf(['validate', file('cut.zst', Buffer.concat(frames).subarray(0, -5))]);
    expect(cut).toMatchObject({ status: 2, stderr: expect.stringContaining('cut.zst') });
  });

  test('tells the form by the content, whatever the name', async () => {
    const xml = `<event xmlns="http://schemas.dmtf.org/cloud/audit/1.0/event" id="1"/>`;
    const { stdout } = await cadf([
      'validate',
      file('event.json', xml),
      file('rows.txt', `${good}\n${good}`),
    ]);
    expect(stdout).toContain('event.json:1:');
    expect(stdout).toContain('error CADF_OUTCOME_MISSING /outcome');
    expect(stdout).toContain('3 events, 2 valid');
  });

  test('says where a text is not UTF-8, and that UTF-16 is UTF-16', async () => {
    const latin = Buffer.concat([
      Buffer.from(`${good}\n{"name":"Jos`),
      Buffer.from([0xe9]),
      Buffer.from('"}\n'),
    ]);
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(good, 'utf16le')]);
    const { status, stdout } = await cadf([
      'validate',
      file('latin.ndjson', latin),
      file('utf16.json', utf16),
      file('latin.json', Buffer.concat([Buffer.from('{\n"a":"'), Buffer.from([0xe9])])),
    ]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^latin\.ndjson:2:13: error CADF_READ_ENCODING/m);
    expect(stdout).toMatch(/^utf16\.json:1:1: error CADF_READ_ENCODING .*UTF-16/m);
    expect(stdout).toMatch(/^latin\.json:2:6: error CADF_READ_ENCODING/m);
  });

  test('an empty file is a fault, an empty list is not', async () => {
    expect(await cadf(['validate', file('empty.json', '\n')])).toMatchObject({ status: 1 });
    expect(await cadf(['validate', file('none.json', '[]')])).toMatchObject({ status: 0 });
  });

  test('goes on past a file that cannot be read, and answers 2', async () => {
    const cut = file('cut.gz', gzipSync(`${good}\n`.repeat(50)).subarray(0, -20));
    const { status, stdout, stderr } = await cadf([
      'validate',
      'missing.json',
      '.',
      cut,
      file('last.json', good),
    ]);
    expect(status).toBe(2);
    expect(stderr).toContain('cadf: missing.json: there is no such file');
    expect(stderr).toContain('cadf: .: it is a directory');
    expect(stderr).toContain('cadf: cut.gz: the packed data ends too early');
    expect(stdout).toMatch(/3 files not read\n$/);
  });

  test('does not hold a document larger than 64 MiB, and says so', async () => {
    const { status, stderr } = await cadf(
      ['validate', '-'],
      Buffer.alloc(64 * 1024 ** 2 + 2, ' ').fill('[', 0, 1),
    );
    expect(status).toBe(2);
    expect(stderr).toContain('more than 64 MiB');
    expect(stderr).toContain('NDJSON');
  });

  test('shows control characters of names and values instead of sending them', async () => {
    const name = file(
      'odd\u001b[2Jname.json',
      JSON.stringify({ ...validEvent, outcome: '\u001b]0;x\u0007' }),
    );
    const { stdout } = await cadf(['validate', name]);
    expect(stdout).toContain(String.raw`odd\u001b[2Jname.json:1:`);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  test.each([
    [['validate']],
    [['validate', '--profile', 'none', 'x']],
    [['validate', '--max-faults', '-1', 'x']],
    [['validate', '--unknown', 'x']],
    [['validate', '-', '-']],
    [['valdate']],
    [[]],
  ])('answers 2 and says on stderr what is wrong with the usage: %j', async (commandLine) => {
    const { status, stdout, stderr } = await cadf(commandLine);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).not.toBe('');
  });

  test('help and version go to stdout and answer 0', async () => {
    expect(await cadf(['--help'])).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringContaining('validate'),
    });
    const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    expect(await cadf(['--version'])).toMatchObject({
      status: 0,
      stdout: `${(manifest as { version: string }).version}\n`,
    });
  });

  test('ends quietly when whoever reads the output goes away', async () => {
    const child = start(['validate', '--profile', 'strict', '--max-faults', '1000000', '-']);
    child.stdin?.end(`${bad}\n`.repeat(20_000));
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdout?.once('data', () => child.stdout?.destroy());
    const [status] = (await once(child, 'exit')) as [number | null];
    expect({ status, stderr }).toEqual({ status: 141, stderr: '' });
  });

  describe.runIf(process.platform === 'linux')('memory does not grow', () => {
    test.each([
      ['with many records', `${good}\n`.repeat(2000), 0],
      ['with a record without end', 'x'.repeat(1024 ** 2), 1],
    ])('%s', async (_name, block, status) => {
      const child = start(['validate', '-']);
      const run = ended(child);
      child.stdin?.write(`${good}\n${good}\n`);
      for (let sent = 0; sent < 128 * 1024 ** 2; sent += block.length) {
        if (child.stdin?.write(block) === false) await once(child.stdin, 'drain');
      }
      const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
      child.stdin?.end();
      expect(await run).toMatchObject({ status });
      expect(Number(peak)).toBeLessThan(220 * 1024);
    });
  });
});

/** An older Node that machines have of their own. */
const systemNode = '/usr/bin/node';
const olderNode = existsSync(systemNode) && !(await versionOf(systemNode)).startsWith('v24');

async function versionOf(node: string): Promise<string> {
  return (await ended(spawn(node, ['--version']))).stdout;
}

describe.runIf(olderNode)('cadf started by an older Node', () => {
  test('runs with the Node of the project: arguments, streams and exit status are the same', async () => {
    const { status, stdout, stderr } = await cadf(['validate', '--max-faults', '0', '-'], bad, systemNode);
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '1 event, 0 valid, 1 with errors, 0 warnings, 1 fault not shown\n',
      stderr: '',
    });
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    '%s reaches the command and ends both',
    async (signal) => {
      const child = start(['validate', '-'], systemNode);
      // Once a line of output is there, the command runs and waits for more input.
      child.stdin?.write(`${bad}\n`.repeat(2000));
      await once(child.stdout!, 'data');
      child.kill(signal);
      // `close` comes only after the inner process, which shares the pipes, is gone too.
      expect(await ended(child)).toMatchObject({ status: null, signal });
    },
  );

  test('says how to get a Node that is new enough where there is none', async () => {
    const copy = join(folder, 'copy.mjs');
    writeFileSync(copy, readFileSync(launcher));
    const { status, stderr } = await ended(spawn(systemNode, [copy, '--version'], { cwd: folder }));
    expect(status).toBe(2);
    expect(stderr).toMatch(/Node 24 or later is needed.*npm ci/);
  });
});
