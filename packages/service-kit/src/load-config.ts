import { readFileSync } from 'node:fs';

import { parseSetting } from './parse-setting.ts';
import type { SettingValue } from './parse-setting.ts';
import { Secret } from './secret.ts';
import type { Config, Settings } from './settings.ts';

/** The environment as Node gives it; an empty text counts as unset, so that `KEY=${OTHER:-}` works. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The settings cannot be used. `faults` has one sentence per fault, all of them at once. */
export class ConfigError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(
      `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n- ${faults.join('\n- ')}`,
    );
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

export interface LoadOptions<S extends Settings> {
  /** Relations between settings: answers one sentence per fault. Called only when each setting alone is right. */
  readonly check?: (config: Config<S>) => readonly string[];
  /** Reads the file of a `<SECRET>_FILE` variable. Default: from disk as UTF-8. */
  readonly readFile?: (path: string) => string;
}

/**
 * Reads all settings of a table from the environment. Answers a frozen object; throws one `ConfigError` that
 * lists every fault. Variables outside the table are not looked at (`unknownSettings` finds them).
 */
export function loadConfig<const S extends Settings>(
  settings: S,
  env: Environment,
  options: LoadOptions<S> = {},
): Config<S> {
  const faults: string[] = [];
  const values: Record<string, SettingValue | undefined> = {};
  const readFile = options.readFile ?? ((path: string) => readFileSync(path, 'utf8'));
  for (const [name, setting] of Object.entries(settings)) {
    const text = setting.type === 'secret' ? secretText(name, env, readFile, faults) : env[name];
    if (text === null) continue;
    if (text === undefined || text === '') {
      values[name] = 'default' in setting ? setting.default : undefined;
      if (setting.required && values[name] === undefined)
        faults.push(`${name} must be set: ${setting.description}`);
      continue;
    }
    const parsed = parseSetting(setting, text);
    if ('fault' in parsed) faults.push(`${name} ${parsed.fault}`);
    else values[name] = parsed.value;
  }
  // Every key of the table has been given a value of its setting's type or a fault that throws below.
  const config = Object.freeze(values) as Config<S>;
  if (faults.length === 0) faults.push(...(options.check?.(config) ?? []));
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

/** The text, undefined where unset, null where a fault was reported. */
function secretText(
  name: string,
  env: Environment,
  readFile: (path: string) => string,
  faults: string[],
): string | undefined | null {
  const path = env[`${name}_FILE`];
  if (path === undefined || path === '') return env[name];
  if (env[name] !== undefined && env[name] !== '') {
    faults.push(`${name}_FILE and ${name} are both set: keep one of them`);
    return null;
  }
  try {
    // Editors and `echo` end a file with a line break that is no part of the secret.
    const text = readFile(path).replace(/\r?\n$/, '');
    if (text === '') faults.push(`${name}_FILE names an empty file: ${path}`);
    return text === '' ? null : text;
  } catch (error) {
    faults.push(`${name}_FILE cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

/** Names in the environment that start with `prefix` and are in none of the tables: misspelt ones, to be warned of. */
export function unknownSettings(
  tables: readonly Settings[],
  env: Environment,
  prefix = 'CADF_',
): readonly string[] {
  const known = new Set(
    tables.flatMap((table) =>
      Object.entries(table).flatMap(([name, setting]) =>
        setting.type === 'secret' ? [name, `${name}_FILE`] : [name],
      ),
    ),
  );
  return Object.keys(env)
    .filter((name) => name.startsWith(prefix) && !known.has(name))
    .toSorted();
}

/** The values in use, for a start-up log line. Secrets read `[redacted]`, unset ones are left out. */
export function describeConfig(config: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, value instanceof Secret ? value.toString() : value]),
  );
}
