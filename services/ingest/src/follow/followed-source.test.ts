/** Real files and a real stream of checkpoints; what comes out is kept here instead of in the stream. */
import { appendFile, mkdir, mkdtemp, rename, rm, symlink, unlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createLmdbStream } from '@cadf-pipeline/event-stream';
import { createPipelineMetrics } from '@cadf-pipeline/service-kit';
import type { PipelineMetrics } from '@cadf-pipeline/service-kit';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { RecordIntake } from '../records/record-intake.ts';
import type { NormalizerContext, Outcome, Source } from '../source.ts';
import { topics } from '../topics.ts';
import { loadCheckpoints } from './checkpoints.ts';
import type { Checkpoints } from './checkpoints.ts';
import { followSource } from './followed-source.ts';
import type { FollowedSource } from './followed-source.ts';

/** Lines that begin with a blank go on with the one before. */
const source: Source = {
  id: 'lines',
  describe: { title: 'x', vendor: 'x', documents: ['x'], framings: ['lines'] },
  recognize: () => undefined,
  fields: { id: 'x' },
  rules: { line: 'x' },
  createNormalizer({ file = '' }: NormalizerContext) {
    let open: Outcome | undefined;
    const close = (): Outcome[] => (open === undefined ? [] : [open]);
    return {
      get held() {
        return open === undefined ? 0 : open.records.length;
      },
      push(record) {
        const isMore = record.text.startsWith(' ') && open !== undefined;
        const closed = isMore ? [] : close();
        const records = isMore ? [...(open?.records ?? []), record] : [record];
        open = { kind: 'ignored', rule: file, records };
        return closed;
      },
      flush() {
        const closed = close();
        open = undefined;
        return closed;
      },
    };
  },
};

interface Setup {
  readonly folder: string;
  /** What came out: file and the lines of each record. */
  readonly seen: string[];
  readonly troubles: (string | undefined)[];
  readonly metrics: PipelineMetrics;
  readonly start: (
    follow: object,
    settings?: Record<string, unknown>,
    idleMs?: number,
  ) => Promise<FollowedSource>;
  /** What a process started now would find. */
  readonly checkpoints: () => Promise<Checkpoints>;
  readonly has: (...seen: readonly string[]) => Promise<void>;
}

async function setUp(): Promise<Setup> {
  const folder = await mkdtemp(join(tmpdir(), 'followed-'));
  const stream = createLmdbStream({ path: join(folder, '.stream') });
  await stream.createTopics(topics({ partitions: 1, retentionMs: 1e9 }));
  onTestFinished(async () => {
    await stream.close();
    await rm(folder, { recursive: true, force: true });
  });
  const metrics = createPipelineMetrics({ process: false });
  const seen: string[] = [];
  const troubles: (string | undefined)[] = [];
  const intake: RecordIntake = {
    normalizerFor: (of, { id }, file) =>
      of.createNormalizer({ sourceName: id, ...(file === undefined ? {} : { file }) }),
    async take(outcomes) {
      for (const outcome of outcomes)
        seen.push(
          `${'rule' in outcome ? outcome.rule : ''}: ${outcome.records.map(({ text }) => text).join('|')}`,
        );
      return [];
    },
  };
  return {
    folder,
    seen,
    troubles,
    metrics,
    checkpoints: () => loadCheckpoints(stream),
    async start(follow, settings = {}, idleMs = 60_000) {
      const checkpoints: Checkpoints = await loadCheckpoints(stream);
      const followed = followSource(
        {
          source,
          definition: { id: 's', type: 'lines', name: 's', settings },
          follow: { path: join(folder, '*.log'), ...follow },
          maxLineBytes: 1 << 20,
          idleMs,
          searchMs: 5,
          onTrouble: (reason) => troubles.push(reason),
        },
        {
          intake,
          checkpoints,
          metrics,
          directories: [folder],
          logger: { info: () => undefined, warn: () => undefined },
        },
      );
      onTestFinished(() => followed.stop());
      return followed;
    },
    has: (...expected) =>
      vi.waitFor(() => expect(seen.toSorted()).toEqual(expected.toSorted()), {
        timeout: 10_000,
        interval: 10,
      }),
  };
}

test('each file that matches has its own normalizer and tells its name, also those that appear later', async () => {
  const { folder, start, has } = await setUp();
  await writeFile(join(folder, 'a.log'), 'a1\n more\na2\n');
  await writeFile(join(folder, 'b.log'), 'b1\nb2\n');
  await start({});
  await has('a.log: a1| more', 'b.log: b1');
  await writeFile(join(folder, 'c.log'), 'c1\nc2\n');
  await appendFile(join(folder, 'b.log'), 'b3\n');
  await has('a.log: a1| more', 'b.log: b1', 'b.log: b2', 'c.log: c1');
});

test('started again, each file goes on where it was, before the lines that were still open', async () => {
  const { folder, seen, start, has } = await setUp();
  await writeFile(join(folder, 'a.log'), 'a1\na2\n');
  await writeFile(join(folder, 'b.log'), 'b1\nb2\n');
  const first = await start({});
  await has('a.log: a1', 'b.log: b1');
  await first.stop();
  seen.length = 0;
  await appendFile(join(folder, 'a.log'), ' more\na3\n');
  await rename(join(folder, 'b.log'), join(folder, 'b.log.1'));
  await writeFile(join(folder, 'b.log.1.gz'), gzipSync('b1\nb2\nb3\n'));
  await unlink(join(folder, 'b.log.1'));
  await writeFile(join(folder, 'b.log'), 'b4\nb5\n');
  await start({});
  await has('a.log: a2| more', 'b.log: b2', 'b.log: b3', 'b.log: b4');
});

test('begun at the end, only what is new is read, and all of files that are new', async () => {
  const { folder, seen, start } = await setUp();
  await writeFile(join(folder, 'a.log'), 'old\n');
  const first = await start({ start: 'end' });
  await vi.waitFor(async () => {
    await appendFile(join(folder, 'a.log'), 'x\n');
    expect(seen.length).toBeGreaterThan(0);
  });
  await first.stop();
  expect(seen).not.toContain('a.log: old');
  seen.length = 0;
  await writeFile(join(folder, 'b.log'), 'b1\nb2\n');
  await start({ start: 'end' });
  await vi.waitFor(() => expect(seen).toContain('b.log: b1'));
});

test('more files than the bound are told, and taken when others are gone, whose last lines come out', async () => {
  const { folder, troubles, start, has } = await setUp();
  await writeFile(join(folder, 'a.log'), 'a1\na2\na3, its end was never written');
  await writeFile(join(folder, 'b.log'), 'b1\nb2\n');
  await start({ maxFiles: 1 });
  await vi.waitFor(() => expect(troubles.at(-1)).toContain('1 of 2 files'));
  await has('a.log: a1');
  await unlink(join(folder, 'a.log'));
  await has('a.log: a1', 'a.log: a2', 'a.log: a3, its end was never written', 'b.log: b1');
  expect(troubles.at(-1)).toBeUndefined();
});

test('a deleted file is forgotten, and one of its name is a new one', async () => {
  const { checkpoints, folder, start, has } = await setUp();
  await writeFile(join(folder, 'a.log'), 'a1\na2\n');
  const followed = await start({});
  await has('a.log: a1');
  await unlink(join(folder, 'a.log'));
  await has('a.log: a1', 'a.log: a2');
  await vi.waitFor(async () => expect((await checkpoints()).has('s')).toBe(false));
  await writeFile(join(folder, 'a.log'), 'a1\nb\n');
  await has('a.log: a1', 'a.log: a2', 'a.log: a1');
  await followed.stop();
});

test('the last record of a file that is silent for long comes out, once', async () => {
  const { folder, seen, start, has } = await setUp();
  await writeFile(join(folder, 'a.log'), 'a1\na2\n');
  const first = await start({}, {}, 100);
  await has('a.log: a1', 'a.log: a2');
  await appendFile(join(folder, 'a.log'), 'a3\n');
  await has('a.log: a1', 'a.log: a2', 'a.log: a3');
  await first.stop();
  seen.length = 0;
  await appendFile(join(folder, 'a.log'), 'a4\n');
  await start({}, {}, 100);
  await has('a.log: a4');
});

test('what may be lost is counted', async () => {
  const { folder, metrics, start, has } = await setUp();
  await writeFile(join(folder, 'a.log.1.xz'), 'packed');
  await writeFile(join(folder, 'a.log'), 'a1\na2\n');
  await start({ rotated: true });
  await has('a.log: a1');
  expect(await metrics.registry.metrics()).toContain('cadf_follow_gaps_total{source="s"} 1');
});

test('a link that leads out of the directories is told, and the other files are followed', async () => {
  const { folder, troubles, start, has } = await setUp();
  await mkdir(join(folder, 'x'));
  await writeFile(join(folder, 'a.log'), 'a1\na2\n');
  await symlink('/etc/passwd', join(folder, 'z.log'));
  await start({});
  await has('a.log: a1');
  await vi.waitFor(() => expect(troubles.at(-1)).toContain('z.log is in none of the directories'));
});

test('files that are documents are read whole, again when they are written anew, and in UTF-16 too', async () => {
  const { folder, seen, start, has } = await setUp();
  const past = 1_700_000_000;
  const write = async (name: string, content: string | Buffer, at = past): Promise<void> => {
    await writeFile(join(folder, `${name}.new`), content);
    await utimes(join(folder, `${name}.new`), at, at);
    await rename(join(folder, `${name}.new`), join(folder, name));
  };
  await write('a.log', 'a1 without a line end');
  await write('b.log', Buffer.from('\uFEFFb1\nb2', 'utf16le'));
  const first = await start({ whole: true });
  await has('a.log: a1 without a line end', 'b.log: b1', 'b.log: b2');
  await write('a.log', 'a2', past + 1);
  await has('a.log: a1 without a line end', 'a.log: a2', 'b.log: b1', 'b.log: b2');
  await first.stop();
  seen.length = 0;
  await write('b.log', 'b3', past + 2);
  await start({ whole: true });
  await has('b.log: b3');
});

test('a setting that names no time zone is told, and nothing is read', async () => {
  const { folder, seen, troubles, start } = await setUp();
  await writeFile(join(folder, 'a.log'), 'a1\na2\n');
  await start({}, { timezone: 'Nowhere/City' });
  await vi.waitFor(() => expect(troubles.at(-1)).toContain('"Nowhere/City" is no time zone'));
  expect(seen).toEqual([]);
});
