/**
 * The settings of a service as data: one table gives the validated values, their types and the page in docs/.
 *
 *     export const settings = defineConfig({
 *       CADF_HTTP_PORT: { type: 'integer', default: 8080, min: 0, max: 65535, description: 'Port of the HTTP API.' },
 *     });
 *     const config = loadConfig(settings, process.env); // config.CADF_HTTP_PORT: number
 */

import type { Secret } from './secret.ts';

interface Described {
  /** One or two sentences for the settings page: what it does. */
  readonly description: string;
  /** How it relates to other settings ("below CADF_X", "only with CADF_Y"). */
  readonly relation?: string;
  /** What one unit of the value is, where the type does not say it ("events", "connections"). */
  readonly unit?: string;
  /** Without a default: an unset value is a fault. Unset and not required reads as undefined. */
  readonly required?: boolean;
}

/** Text. `allowed` closes the set of values. */
export interface StringSetting extends Described {
  readonly type: 'string';
  readonly default?: string;
  readonly allowed?: readonly string[];
}

/** A whole number, decimal digits only; `min` and `max` are inclusive. */
export interface IntegerSetting extends Described {
  readonly type: 'integer';
  readonly default?: number;
  readonly min?: number;
  readonly max?: number;
}

/** `true`, `1`, `yes`, `on` or `false`, `0`, `no`, `off`, in any case. */
export interface BooleanSetting extends Described {
  readonly type: 'boolean';
  readonly default?: boolean;
}

/** A number of bytes: `1024`, `64KiB`, `16MiB`, `2GiB`, `1TiB` (powers of 1,024) or `kB`, `MB`, `GB`, `TB` (of 1,000). Reads as bytes. */
export interface BytesSetting extends Described {
  readonly type: 'bytes';
  readonly default?: number;
  readonly min?: number;
  readonly max?: number;
}

/** A time span: `250ms`, `30s`, `5m`, `12h`, `7d`; the unit is needed. Reads as milliseconds. */
export interface DurationSetting extends Described {
  readonly type: 'duration';
  readonly default?: number;
  readonly min?: number;
  readonly max?: number;
}

/** Comma-separated texts, trimmed, empty ones left out. `allowed` closes the set of items. */
export interface ListSetting extends Described {
  readonly type: 'list';
  readonly default?: readonly string[];
  readonly allowed?: readonly string[];
}

/** Text that is never shown; never has a default. `<NAME>_FILE` may name a file that holds it instead. */
export interface SecretSetting extends Described {
  readonly type: 'secret';
}

export type Setting =
  | StringSetting
  | IntegerSetting
  | BooleanSetting
  | BytesSetting
  | DurationSetting
  | ListSetting
  | SecretSetting;

/** Settings by the name of their environment variable. */
export type Settings = Readonly<Record<string, Setting>>;

type TextOf<S> = S extends { readonly allowed: readonly (infer A)[] } ? A : string;

type Read<S extends Setting> = S extends StringSetting
  ? TextOf<S>
  : S extends IntegerSetting | BytesSetting | DurationSetting
    ? number
    : S extends BooleanSetting
      ? boolean
      : S extends ListSetting
        ? readonly TextOf<S>[]
        : Secret;

type Present<S> = S extends { readonly default: unknown } | { readonly required: true } ? true : false;

/** The values of settings: present where there is a default or it is required, else possibly undefined. */
export type Config<S extends Settings> = {
  readonly [K in keyof S]: Present<S[K]> extends true ? Read<S[K]> : Read<S[K]> | undefined;
};

/** Names a table of settings, keeping its exact types. */
export function defineConfig<const S extends Settings>(settings: S): S {
  return settings;
}
