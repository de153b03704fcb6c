/** Runs the load generator (test/bench/load.ts) as a process of its own and reads its figures. */
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface LoadFigures {
  readonly accepted: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly generatorCpuSeconds: number;
}

const script = join(dirname(fileURLToPath(import.meta.url)), 'load.ts');

export interface Load {
  readonly url: string;
  readonly key: string;
  /** Made by `prepareBatches`. */
  readonly file: string;
  readonly connections: number;
  /** 0: as fast as answered. */
  readonly eventsPerSecond: number;
  /** Where to write when each batch was accepted: see test/bench/load.ts. */
  readonly acceptedFile?: string;
}

export async function runLoad(load: Load): Promise<LoadFigures> {
  const { url, key, file, connections, eventsPerSecond, acceptedFile } = load;
  const { stdout } = await promisify(execFile)(process.execPath, [
    script,
    `${url}/cadf/v1/events`,
    key,
    file,
    String(connections),
    String(eventsPerSecond),
    ...(acceptedFile === undefined ? [] : [acceptedFile]),
  ]);
  return JSON.parse(stdout) as LoadFigures;
}
