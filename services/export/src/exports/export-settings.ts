/** Settings of exports. */
import { defineConfig } from '@cadf-pipeline/service-kit';
import type { Config } from '@cadf-pipeline/service-kit';

const GIB = 1024 ** 3;

export const exportJobSettings = defineConfig({
  CADF_EXPORT_DIR: {
    type: 'string',
    description:
      'Directory of the files of exports. Every process of the export service needs the same one. Unset: `exports` under CADF_DATA_DIR.',
  },
  CADF_EXPORT_RUNNING: {
    type: 'integer',
    default: 2,
    min: 1,
    max: 64,
    description: 'Exports that a process runs at once; others wait.',
  },
  CADF_EXPORT_KEEP: {
    type: 'duration',
    default: 7 * 86_400_000,
    min: 60_000,
    max: 365 * 86_400_000,
    description: 'How long an export that has ended is kept, with its files.',
  },
  CADF_EXPORT_MAX_BYTES: {
    type: 'bytes',
    default: 1024 * GIB,
    min: 1024 ** 2,
    description: 'Bytes of the files kept of all exports; past it an export fails.',
  },
  CADF_EXPORT_MAX_BYTES_OF_ONE: {
    type: 'bytes',
    default: 256 * GIB,
    min: 1024 ** 2,
    description: 'The same of the exports of one API key.',
  },
  CADF_EXPORT_ALLOW_PRIVATE: {
    type: 'boolean',
    default: false,
    description:
      'Whether exports may go to addresses that are not of the public internet (private, loopback, link-local and others), and by http. Metadata services of clouds are never sent to.',
  },
  CADF_EXPORT_DIRECTORIES: {
    type: 'list',
    unit: 'absolute paths',
    description:
      'Directories of this machine that exports may be put at or below. Unset: none. Every process of the export service needs the same ones.',
  },
});

/** What the settings must agree on; one sentence per fault. */
export function checkExportJobSettings(config: Config<typeof exportJobSettings>): readonly string[] {
  const relative = (config.CADF_EXPORT_DIRECTORIES ?? []).filter((path) => !path.startsWith('/'));
  return relative.map((path) => `CADF_EXPORT_DIRECTORIES: ${JSON.stringify(path)} is no absolute path`);
}
