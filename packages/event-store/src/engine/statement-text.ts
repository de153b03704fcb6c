/** Statements as a session of the engine takes them: settings and parameters are set before, as statements themselves. */
import type { Statement } from './engine.ts';
import { parameterText, quoted } from './parameter-text.ts';

/** `SET` of settings and parameters, which hold for the session until set again. */
export function settingsText({ params, settings }: Statement): string {
  const items = [
    ...Object.entries(settings ?? {}).map(
      ([name, value]) => `${name} = ${typeof value === 'number' ? value : quoted(value)}`,
    ),
    ...Object.entries(params ?? {}).map(([name, value]) => {
      if (!/^\w+$/.test(name)) throw new RangeError(`no parameter name: ${name}`);
      return `param_${name} = ${quoted(parameterText(value))}`;
    }),
  ];
  return items.length === 0 ? '' : `SET ${items.join(', ')}`;
}

/** The statement after its settings. */
export function setThen(statement: Statement): string {
  const settings = settingsText(statement);
  return settings === '' ? statement.sql : `${settings};\n${statement.sql}`;
}
