import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readingFaults } from './reading-faults.ts';

test('docs/cli.md lists each of the codes and no other', () => {
  const page = readFileSync(new URL('../../../../docs/cli.md', import.meta.url), 'utf8');
  const listed = [...page.matchAll(/^\| `(CADF_READ_\w+)` \|/gm)].map(([, code]) => code);
  expect(new Set(listed)).toEqual(new Set(Object.keys(readingFaults)));
});
