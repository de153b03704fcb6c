/** deploy/compose.yaml as Compose reads it, for tests. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command?: readonly string[];
  readonly user?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly deploy?: { readonly replicas: number };
  readonly stop_grace_period?: string;
  readonly healthcheck: { readonly test: readonly string[] };
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const VARIABLE = /\$\{([A-Z0-9_]+)(?:(:-|:\?)([^}]*))?\}/g;
const path = join(resolve(dirname(fileURLToPath(import.meta.url)), '..', '..'), 'deploy/compose.yaml');

/** Merge keys resolved, variables filled in from `env`. Throws for a variable that must be given and is not. */
export function readCompose(env: Readonly<Record<string, string>>): ComposeFile {
  const text = readFileSync(path, 'utf8').replaceAll(
    VARIABLE,
    (_all, name: string, kind: string | undefined, rest: string) => {
      const value = env[name] ?? '';
      if (value !== '') return value;
      if (kind === ':-') return rest;
      throw new Error(`${name}: ${rest}`);
    },
  );
  return parse(text, { merge: true, uniqueKeys: true, strict: true }) as ComposeFile;
}

/** The variables the file takes from its surroundings. */
export function composeVariables(): ReadonlySet<string> {
  return new Set([...readFileSync(path, 'utf8').matchAll(VARIABLE)].map(([, name = '']) => name));
}
