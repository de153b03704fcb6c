/** Which sources a test run looks at: all, or those that CADF_TEST_SOURCES names. */
import { join } from 'node:path';
import { SOURCES_FOLDER, loadSource, loadSources } from './source-registry.ts';
import type { Source } from './source.ts';

/** `named`: ids joined by commas. */
export async function testedSources(named: string | undefined): Promise<readonly Source[]> {
  if (named === undefined || named === '') return (await loadSources()).all;
  return Promise.all(named.split(',').map((id) => loadSource(join(SOURCES_FOLDER, id))));
}
