/** `cadf sources`: the log sources there are. */
import type { DefineCommand } from '@cadf-pipeline/cli';
import { loadSources } from '../source-registry.ts';

export const defineCommand: DefineCommand = (program, { stdout }) => {
  program
    .command('sources')
    .summary('list the types of logs that can be read')
    .description(
      'Lists source types: what --type of `cadf normalize` and the type of a registered source may be. What each of them reads, maps and ignores is in services/ingest/sources/<type>/README.md.',
    )
    .option('--json', 'one JSON object per type, with documents, members and rules', false)
    .action(async ({ json }) => {
      const { all } = await loadSources();
      const width = Math.max(...all.map(({ id }) => id.length));
      for (const { describe, fields, id, rules } of all) {
        await stdout.write(
          json
            ? `${JSON.stringify({ type: id, ...describe, fields, rules })}\n`
            : `${id.padEnd(width)}  ${describe.vendor}: ${describe.title}\n`,
        );
      }
      if (!json) await stdout.write(`${'auto'.padEnd(width)}  any of these, told record by record\n`);
    });
};
