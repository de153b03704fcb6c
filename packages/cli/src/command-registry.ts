/** Finds the commands: those of this package, and those each service brings along in its own `src/commands/`. */
import { existsSync, readdirSync } from 'node:fs';
import type { DefineCommand } from './command.ts';

const OWN = new URL('./commands/', import.meta.url);
const SERVICES = new URL('../../../services/', import.meta.url);

/**
 * Every module of the commands folders, in the order of their names. Found, not imported by name: a package knows no
 * service. Throws on a module without `defineCommand`.
 */
export async function loadCommands(): Promise<readonly DefineCommand[]> {
  const files = [OWN, ...serviceFolders()]
    .flatMap((folder) => readdirSync(folder).map((name) => ({ name, url: new URL(name, folder) })))
    .filter(({ name }) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return Promise.all(
    files.map(async ({ url }) => {
      const module: unknown = await import(url.href);
      if (!isCommandModule(module)) throw new Error(`${url.pathname} exports no function defineCommand`);
      return module.defineCommand;
    }),
  );
}

function serviceFolders(): readonly URL[] {
  if (!existsSync(SERVICES)) return [];
  return readdirSync(SERVICES)
    .map((service) => new URL(`${service}/src/commands/`, SERVICES))
    .filter((folder) => existsSync(folder));
}

function isCommandModule(module: unknown): module is { readonly defineCommand: DefineCommand } {
  return (
    typeof module === 'object' &&
    module !== null &&
    'defineCommand' in module &&
    typeof module.defineCommand === 'function'
  );
}
