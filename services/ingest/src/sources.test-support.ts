/** Which sources a test run looks at: all, or those named in CADF_TEST_SOURCES (ids, joined by commas). */
import { join } from 'node:path';
import { SOURCES_FOLDER, loadSource, loadSources } from './source-registry.ts';
import type { Source } from './source.ts';

export async function testedSources(): Promise<readonly Source[]> {
  const named = process.env['CADF_TEST_SOURCES'];
  if (named === undefined || named === '') return (await loadSources()).all;
  return Promise.all(named.split(',').map((id) => loadSource(join(SOURCES_FOLDER, id))));
}
