/** The log sources: the folders of `services/ingest/sources`. A source is added by adding a folder, nothing else. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Source } from './source.ts';

export const SOURCES_FOLDER = join(import.meta.dirname, '..', 'sources');

export interface SourceRegistry {
  /** Sorted by id. */
  readonly all: readonly Source[];
  get(id: string): Source | undefined;
}

/** A source folder that cannot be used: a fault of the program's files, found when it starts. */
export class SourceFolderError extends Error {
  readonly code = 'SOURCE_FOLDER_INVALID';
}

/** Loads every folder's `source.ts`. Rejects with SourceFolderError naming the first folder that is not a source. */
export async function loadSources(folder: string = SOURCES_FOLDER): Promise<SourceRegistry> {
  const entries = await readdir(folder, { withFileTypes: true });
  const byId = new Map<string, Source>();
  for (const name of entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()) {
    const source = await loadSource(join(folder, name));
    if (byId.has(source.id))
      throw new SourceFolderError(`${name}: the id ${source.id} is taken by another folder`);
    if (source.id !== name)
      throw new SourceFolderError(
        `${name}: the source calls itself ${source.id}; id and folder name are the same`,
      );
    byId.set(name, source);
  }
  return { all: [...byId.values()], get: (id) => byId.get(id) };
}

/** Loads one folder's `source.ts`. Rejects with SourceFolderError. */
export async function loadSource(folder: string): Promise<Source> {
  const file = join(folder, 'source.ts');
  let loaded: Record<string, unknown>;
  try {
    loaded = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (error) {
    throw new SourceFolderError(`${file} cannot be loaded`, { cause: error });
  }
  const faults = sourceFaults(loaded['source']);
  if (faults.length > 0) throw new SourceFolderError(`${file}: ${faults.join('; ')}`);
  return loaded['source'] as Source;
}

/** What a value lacks to be a Source; empty when it is one. */
export function sourceFaults(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return ['it exports no object named "source"'];
  const source = value as Record<string, unknown>;
  const faults: string[] = [];
  if (typeof source['id'] !== 'string' || !/^[a-z][a-z0-9-]{0,62}$/.test(source['id'])) {
    faults.push('id is not lower-case letters, digits and hyphens');
  }
  for (const name of ['recognize', 'createNormalizer']) {
    if (typeof source[name] !== 'function') faults.push(`${name} is not a function`);
  }
  for (const name of ['fields', 'rules']) {
    const table = source[name];
    const isTable = typeof table === 'object' && table !== null && Object.keys(table).length > 0;
    if (!isTable) faults.push(`${name} is no table, or an empty one`);
  }
  faults.push(...descriptionFaults(source['describe']));
  return faults;
}

function descriptionFaults(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return ['describe is not an object'];
  const description = value as Record<string, unknown>;
  const faults: string[] = [];
  for (const name of ['title', 'vendor']) {
    if (typeof description[name] !== 'string' || description[name] === '')
      faults.push(`describe.${name} is empty`);
  }
  const documents = description['documents'];
  if (
    !Array.isArray(documents) ||
    documents.length === 0 ||
    documents.some((item) => typeof item !== 'string')
  ) {
    faults.push('describe.documents names no document');
  }
  const framings = description['framings'];
  if (
    !Array.isArray(framings) ||
    framings.length === 0 ||
    framings.some((item) => !['lines', 'json', 'xml'].includes(String(item)))
  ) {
    faults.push('describe.framings names none, or other ones than lines, json, xml');
  }
  return faults;
}
