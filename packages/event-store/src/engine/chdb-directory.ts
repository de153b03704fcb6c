/** The directory of the engine in this process: its configuration, and the sessions that are opened on it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Session } from 'chdb';
import { StoreError } from '../errors.ts';
import { writeChdbConfig, writeChdbUsers } from './chdb-config.ts';
import { ANALYST_VIEWS } from './engine.ts';

/**
 * Writes the configuration; the first session that is opened starts the engine with it, the others join it. Throws
 * StoreError STORE_UNAVAILABLE, as opening does.
 */
export function prepareChdbDirectory(
  path: string,
  options: { readonly maxEngineMemoryBytes: number },
): () => Session {
  const configFile = join(path, 'engine.xml');
  const usersFile = join(path, 'users.xml');
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw new StoreError('STORE_UNAVAILABLE', `cannot open the data directory ${path}`, { cause: error });
    }
  };
  attempt(() => {
    mkdirSync(path, { recursive: true });
    writeChdbUsers(
      usersFile,
      ANALYST_VIEWS.map((view) => `default.${view}`),
    );
    writeChdbConfig(configFile, usersFile, options);
  });
  return () => attempt(() => new Session(path, { connectionArgs: [`--config-file=${configFile}`] }));
}
