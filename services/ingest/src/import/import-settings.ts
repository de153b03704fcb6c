/** Settings of imports: where they may read, and how much of it is kept here. */
import { isAbsolute } from 'node:path';
import { defineConfig } from '@cadf-pipeline/service-kit';
import type { Config } from '@cadf-pipeline/service-kit';

const GIB = 1024 ** 3;

export const importSettings = defineConfig({
  CADF_IMPORT_DIR: {
    type: 'string',
    description:
      'Directory of what imports keep: files that were uploaded, copies that are verified, quarantine. Every process with the role `http` or `import` needs the same one. Unset: `imports` under CADF_DATA_DIR.',
  },
  CADF_IMPORT_DIRECTORIES: {
    type: 'list',
    unit: 'absolute paths',
    description:
      'Directories of this machine that imports may read at or below; links are not followed. Unset: none.',
  },
  CADF_IMPORT_RUNNING: {
    type: 'integer',
    default: 4,
    min: 1,
    max: 64,
    description: 'Imports of which a process takes files at once; others wait.',
  },
  CADF_IMPORT_MAX_BYTES: {
    type: 'bytes',
    default: 16 * GIB,
    min: 1024 ** 2,
    description:
      'Largest segment or file of an import, all that it holds together, also unpacked; and the most that uploads of one import may wait in.',
  },
  CADF_IMPORT_QUARANTINE_BYTES: {
    type: 'bytes',
    default: 1 * GIB,
    min: 0,
    description: 'Bytes kept of what one import refused. Past it only the reason is kept: the files are not.',
  },
  CADF_FEDERATION_ALLOW_PRIVATE: {
    type: 'boolean',
    default: false,
    description:
      'Whether feeds and buckets may be read at addresses that are not of the public internet (private, loopback, link-local and others), and by http. Metadata services of clouds are never asked.',
  },
  CADF_FEDERATION_CA_FILE: {
    type: 'string',
    unit: 'path of a PEM file',
    description: 'Certificates that peers are believed by, in the place of those that Node.js knows.',
  },
});

/** What the settings must agree on; one sentence per fault. */
export function checkImportSettings(config: Config<typeof importSettings>): readonly string[] {
  const relative = (config.CADF_IMPORT_DIRECTORIES ?? []).filter((path) => !isAbsolute(path));
  return relative.map((path) => `CADF_IMPORT_DIRECTORIES: ${JSON.stringify(path)} is no absolute path`);
}
