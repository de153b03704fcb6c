import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generatedFile, loadTaxonomy, renderTaxonomyModule } from './generate.ts';

test('the generated taxonomy module is what the data files give', () => {
  expect(readFileSync(generatedFile, 'utf8')).toBe(renderTaxonomyModule());
});

test('every node and alias of the taxonomy files names where it was read', () => {
  for (const name of ['actions', 'resources', 'outcomes', 'reporter-roles'] as const) {
    const file = loadTaxonomy(name);
    for (const entry of [...file.nodes, ...(file.aliases ?? [])]) expect(entry.source).not.toBe('');
    for (const node of file.nodes) expect(node.section).toMatch(/^DSP(0262|2038)/);
  }
});
