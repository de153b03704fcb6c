/**
 * Which files were taken, or refused, so that they are not read again at each look: a text beside the import's other
 * files. A help, not the guarantee: where it is lost, files are taken again and the store still holds each event once.
 */
import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import Type from 'typebox';
import type { Static } from 'typebox';
import { Compile } from 'typebox/compile';

const TakenFile = Type.Object({
  name: Type.String(),
  bytes: Type.Number(),
  modifiedMs: Type.Number(),
  sha256: Type.String(),
  /** Why it was refused. */
  refused: Type.Optional(Type.String()),
});
export type TakenFile = Static<typeof TakenFile>;

export interface TakenFiles {
  /** Reads what is remembered. */
  open(): Promise<void>;
  get(name: string): TakenFile | undefined;
  add(file: TakenFile): Promise<void>;
  /** Those that were refused are looked at again. */
  forgetRefused(): Promise<void>;
}

const entry = Compile(TakenFile);
/** Files remembered; past it the oldest are forgotten. */
const MOST = 200_000;

export function createTakenFiles(path: string): TakenFiles {
  let files = new Map<string, TakenFile>();
  let lines = 0;

  function put(file: TakenFile): void {
    files.delete(file.name);
    files.set(file.name, file);
    const [oldest] = files.keys();
    if (files.size > MOST && oldest !== undefined) files.delete(oldest);
    lines++;
  }

  async function rewrite(): Promise<void> {
    const text = [...files.values()].map((file) => `${JSON.stringify(file)}\n`).join('');
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
    lines = files.size;
  }

  return {
    async open() {
      files = new Map();
      lines = 0;
      await mkdir(dirname(path), { recursive: true });
      const text = await readFile(path, 'utf8').catch(() => '');
      for (const line of text.split('\n')) {
        const file = parsed(line);
        if (entry.Check(file)) put(file);
      }
      // A line that a killed process did not end would spoil the next.
      await rewrite();
    },
    get: (name) => files.get(name),
    async add(file) {
      put(file);
      if (lines > 2 * MOST) await rewrite();
      else await appendFile(path, `${JSON.stringify(file)}\n`);
    },
    async forgetRefused() {
      for (const [name, { refused }] of files) if (refused !== undefined) files.delete(name);
      await rewrite();
    },
  };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
