import type { Setting, Settings } from './settings.ts';

const BYTE_STEPS = [
  ['GiB', 1024 ** 3],
  ['MiB', 1024 ** 2],
  ['KiB', 1024],
] as const;
const MS_STEPS = [
  ['d', 8.64e7],
  ['h', 3.6e6],
  ['m', 6e4],
  ['s', 1e3],
] as const;

/** Renders a table of settings as a Markdown table, in the order of the table, ending with a line break. */
export function renderSettingsTable(settings: Settings): string {
  const rows = Object.entries(settings).map(([name, setting]) => {
    const description = [setting.description, setting.relation, ...boundsOf(setting)]
      .filter(Boolean)
      .join(' ');
    return `| \`${name}\` | ${typeOf(setting)} | ${defaultOf(setting)} | ${escape(description)} |`;
  });
  return ['| setting | type | default | meaning |', '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}

function typeOf(setting: Setting): string {
  const unit = setting.unit === undefined ? '' : ` (${setting.unit})`;
  return `${setting.type}${unit}`;
}

function defaultOf(setting: Setting): string {
  if (!('default' in setting) || setting.default === undefined)
    return setting.required ? '*required*' : 'unset';
  const text = Array.isArray(setting.default) ? setting.default.join(',') : inUnits(setting, setting.default);
  return text === '' ? 'empty' : `\`${escape(text)}\``;
}

function boundsOf(setting: Setting): readonly string[] {
  if ((setting.type === 'string' || setting.type === 'list') && setting.allowed) {
    return [`One of ${setting.allowed.map((value) => `\`${value}\``).join(', ')}.`];
  }
  if (setting.type === 'secret') return [`Or in a file named by the same name with \`_FILE\` at its end.`];
  if (setting.type !== 'integer' && setting.type !== 'bytes' && setting.type !== 'duration') return [];
  const { min, max } = setting;
  const least = min === undefined ? undefined : inUnits(setting, min);
  const most = max === undefined ? undefined : inUnits(setting, max);
  if (least !== undefined && most !== undefined) return [`From ${least} to ${most}.`];
  if (least !== undefined) return [`At least ${least}.`];
  return most === undefined ? [] : [`At most ${most}.`];
}

function inUnits(setting: Setting, value: unknown): string {
  if (typeof value !== 'number') return String(value);
  const steps = setting.type === 'bytes' ? BYTE_STEPS : setting.type === 'duration' ? MS_STEPS : [];
  for (const [unit, size] of steps) if (value >= size && value % size === 0) return `${value / size}${unit}`;
  return setting.type === 'duration' ? `${value}ms` : String(value);
}

function escape(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
