import { Secret } from './secret.ts';
import type { Setting } from './settings.ts';

/** What one setting may read as. */
export type SettingValue = string | number | boolean | readonly string[] | Secret;

/** A value, or what is wrong with the text, as the end of a sentence that starts with the setting's name. */
export type Parsed = { readonly value: SettingValue } | { readonly fault: string };

const BYTE_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};

const MS_UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 6e4, h: 3.6e6, d: 8.64e7 };

const TRUE = new Set(['true', '1', 'yes', 'on']);
const FALSE = new Set(['false', '0', 'no', 'off']);

/** Reads the text of one setting by its type. Secrets never appear in faults. */
export function parseSetting(setting: Setting, text: string): Parsed {
  switch (setting.type) {
    case 'string':
      return within(setting.allowed, [text]) ?? { value: text };
    case 'secret':
      return { value: new Secret(text) };
    case 'list': {
      const items = text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '');
      return within(setting.allowed, items) ?? { value: Object.freeze(items) };
    }
    case 'boolean': {
      const word = text.toLowerCase();
      if (TRUE.has(word)) return { value: true };
      if (FALSE.has(word)) return { value: false };
      return { fault: `is ${JSON.stringify(text)}, expected true or false` };
    }
    case 'integer':
      return bounded(setting, text, /^-?\d{1,16}$/.test(text) ? Number(text) : undefined, 'a whole number');
    case 'bytes':
      return bounded(
        setting,
        text,
        quantity(text, BYTE_UNITS),
        'a number of bytes such as 65536, 64KiB or 16MiB',
      );
    case 'duration':
      return bounded(
        setting,
        text,
        quantity(text, MS_UNITS),
        'a time span such as 250ms, 30s, 5m, 12h or 7d',
      );
  }
}

function within(allowed: readonly string[] | undefined, items: readonly string[]): Parsed | undefined {
  const bad = allowed && items.find((item) => !allowed.includes(item));
  return bad === undefined || allowed === undefined
    ? undefined
    : { fault: `has ${JSON.stringify(bad)}, expected one of ${allowed.join(', ')}` };
}

function quantity(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const match = /^(\d{1,15})\s?([a-zA-Z]{0,3})$/.exec(text);
  const unit = match?.[2] === undefined ? undefined : units[match[2]];
  return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
}

function bounded(
  limits: { readonly min?: number; readonly max?: number },
  text: string,
  value: number | undefined,
  expected: string,
): Parsed {
  if (value === undefined || !Number.isSafeInteger(value)) {
    return { fault: `is ${JSON.stringify(text.slice(0, 100))}, expected ${expected}` };
  }
  if (limits.min !== undefined && value < limits.min)
    return { fault: `is ${text}, the least is ${limits.min}` };
  if (limits.max !== undefined && value > limits.max)
    return { fault: `is ${text}, the most is ${limits.max}` };
  return { value };
}
