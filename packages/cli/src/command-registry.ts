import { readdirSync } from 'node:fs';
import type { DefineCommand } from './command.ts';

/** The commands: every module under commands/, in the order of their names. Throws on one without `defineCommand`. */
export async function loadCommands(): Promise<readonly DefineCommand[]> {
  const folder = new URL('./commands/', import.meta.url);
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .toSorted();
  return Promise.all(
    files.map(async (file) => {
      const module: unknown = await import(new URL(file, folder).href);
      if (!isCommandModule(module)) throw new Error(`${file} exports no function defineCommand`);
      return module.defineCommand;
    }),
  );
}

function isCommandModule(module: unknown): module is { readonly defineCommand: DefineCommand } {
  return (
    typeof module === 'object' &&
    module !== null &&
    'defineCommand' in module &&
    typeof module.defineCommand === 'function'
  );
}
