import { expect, test } from 'vitest';

import { dependencyErrors } from './dependency-errors.ts';
import { mergeErrors, renderErrorsTable } from './errors-page.ts';
import { frameworkErrors } from './framework-errors.ts';
import { defineErrors } from './problem.ts';

const definition = { status: 400, title: 'T | t', retryable: true, hint: 'H' };

test('a table of errors takes its codes from its keys and refuses what HTTP has no place for', () => {
  expect(defineErrors({ A_1: definition }).A_1).toEqual({ code: 'A_1', ...definition });
  expect(() => defineErrors({ lower: definition })).toThrow('UPPER_CASE');
  expect(() => defineErrors({ A: { ...definition, status: 200 } })).toThrow('status 200');
});

test('tables are rendered by code, and one code cannot have two meanings', () => {
  const table = defineErrors({ B: definition, A: { ...definition, retryable: false } });
  expect(renderErrorsTable([table, table])).toBe(
    '| code | status | retry | meaning | what to do |\n| --- | --- | --- | --- | --- |\n' +
      '| `A` | 400 | no | T \\| t | H |\n| `B` | 400 | yes | T \\| t | H |\n',
  );
  expect(() => mergeErrors([table, defineErrors({ A: definition })])).toThrow('defined twice');
  expect(mergeErrors([frameworkErrors, dependencyErrors]).length).toBeGreaterThan(25);
});
