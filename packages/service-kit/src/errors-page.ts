import type { ErrorDefinition, ErrorTable } from './problem.ts';

/** All definitions of several tables, by code. Throws where one code has two meanings. */
export function mergeErrors(tables: readonly ErrorTable[]): readonly ErrorDefinition[] {
  const all = new Map<string, ErrorDefinition>();
  for (const table of tables) {
    for (const definition of Object.values(table)) {
      const known = all.get(definition.code);
      if (known !== undefined && known !== definition)
        throw new Error(`error code ${definition.code} is defined twice`);
      all.set(definition.code, definition);
    }
  }
  return [...all.values()].toSorted((a, b) => (a.code < b.code ? -1 : 1));
}

/** Renders tables of errors as one Markdown table ordered by code, ending with a line break. */
export function renderErrorsTable(tables: readonly ErrorTable[]): string {
  const rows = mergeErrors(tables).map(
    ({ code, status, retryable, title, hint }) =>
      `| \`${code}\` | ${status} | ${retryable ? 'yes' : 'no'} | ${cell(title)} | ${cell(hint)} |`,
  );
  return [
    '| code | status | retry | meaning | what to do |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
