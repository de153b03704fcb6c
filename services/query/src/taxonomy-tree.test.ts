import { classifyResource, resourceTaxonomy } from '@cadf-pipeline/cadf-model';
import { expect, test } from 'vitest';
import { countTree } from './taxonomy-tree.ts';

function treeOf(values: Readonly<Record<string, number>>, other = 0): ReturnType<typeof countTree> {
  const listed = Object.entries(values).map(([value, count]) => ({ value, count }));
  const facet = { values: listed, other, absent: 3, distinct: listed.length };
  return countTree(resourceTaxonomy, classifyResource, facet, 100);
}

test('a node counts its own spellings and all that is below it', () => {
  const { nodes } = treeOf({ 'storage/volume': 5, 'Storage/Volume': 2, 'storage/volume/ssd/fast': 1 });
  const at = (path: string): object | undefined => nodes.find((node) => node.path === path);
  expect(at('storage')).toMatchObject({ origin: 'standard', own: 0, subtree: 8 });
  expect(at('storage/volume')).toMatchObject({
    parent: 'storage',
    own: 7,
    subtree: 8,
    spellings: [{ value: 'Storage/Volume', count: 2 }],
  });
  expect(at('storage/volume/ssd')).toMatchObject({ origin: 'extension', own: 0, subtree: 1 });
  expect(at('compute')).toMatchObject({ own: 0, subtree: 0 });
});

test('every node of the taxonomy is there, behind the one above it', () => {
  const paths = treeOf({}).nodes.map(({ path }) => path);
  expect(new Set(paths)).toEqual(new Set([...paths, ...resourceTaxonomy.nodes.map(({ path }) => path)]));
  paths.forEach((path, index) => {
    const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    if (parent !== '') expect(paths.indexOf(parent)).toBeLessThan(index);
    if (parent !== '') expect(paths.indexOf(parent)).toBeGreaterThanOrEqual(0);
  });
});

test('what is in no tree is told apart, with what is too rare to be looked at', () => {
  const { absent, outside, total } = treeOf({ 'urn:x:y': 4, 'zzz/a': 2, 'a b': 1 }, 9);
  expect({ absent, total }).toEqual({ absent: 3, total: 100 });
  expect(outside).toEqual({
    total: 16,
    values: [
      { value: 'urn:x:y', kind: 'foreign', count: 4 },
      { value: 'zzz/a', kind: 'unknown-root', count: 2 },
      { value: 'a b', kind: 'malformed', count: 1 },
    ],
    unlisted: 9,
  });
});

test('a path of endless segments is no endless tree', () => {
  const path = `storage${'/x'.repeat(50_000)}`;
  const { nodes } = treeOf({ [path]: 1 });
  expect(nodes.find((node) => node.path === path)?.parent).toBe(`storage${'/x'.repeat(14)}`);
  expect(nodes.find((node) => node.path === 'storage')?.subtree).toBe(1);
});
