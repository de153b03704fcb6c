/** The places of chains below a directory. */
import { opendir } from 'node:fs/promises';
import { HEAD_NAME, sequenceOfManifest } from '@cadf-pipeline/federation';
import { InputError } from '../input/input-error.ts';
import { naming } from '../input/read-small-file.ts';

const MOST_PLACES = 10_000;
const DEEPEST = 8;

/**
 * A directory with a head or a manifest is the place of a chain, and so is one without folders: a chain that lost both must
 * not be passed over. Others are looked into. Hidden folders and symbolic links are passed over. In the order of their
 * paths; throws InputError.
 */
export async function findChains(path: string, depth = 0): Promise<readonly string[]> {
  if (depth > DEEPEST) throw new InputError(`${path}: folders are more than ${DEEPEST} deep`);
  const { folders, isPlace } = await lookInto(path);
  if (isPlace || folders.length === 0) return [path];
  const places: string[] = [];
  for (const folder of folders.toSorted()) {
    places.push(...(await findChains(`${path.replace(/\/$/, '')}/${folder}`, depth + 1)));
    if (places.length > MOST_PLACES)
      throw new InputError(`${path}: there are more than ${MOST_PLACES} chains in it`);
  }
  return places;
}

async function lookInto(path: string): Promise<{ folders: string[]; isPlace: boolean }> {
  const folders: string[] = [];
  let isPlace = false;
  try {
    for await (const entry of await opendir(path)) {
      if (entry.isDirectory() && !entry.name.startsWith('.')) folders.push(entry.name);
      else isPlace ||= entry.name === HEAD_NAME || sequenceOfManifest(entry.name) !== undefined;
    }
  } catch (error) {
    throw naming(path, error);
  }
  return { folders, isPlace };
}
