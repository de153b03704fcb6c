/** Which paths may be followed: an administrator of the API must not be able to read any file of the machine. */
import { realpath } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';

/**
 * Rejects where a path is in none of the directories. Links are resolved first, so that none leads out of them. The file
 * itself need not be there yet.
 */
export async function checkAllowed(path: string, directories: readonly string[]): Promise<void> {
  const real = await realpath(path).catch(async () =>
    join(await realpath(dirname(path)), path.split(sep).at(-1) ?? ''),
  );
  for (const directory of directories) {
    const allowed = await realpath(directory).catch(() => undefined);
    if (allowed === undefined) continue;
    if (real === allowed || real.startsWith(allowed.endsWith(sep) ? allowed : allowed + sep)) return;
  }
  throw new Error(
    `${path} is in none of the directories of CADF_FOLLOW_DIRECTORIES (${directories.join(', ')})`,
  );
}
