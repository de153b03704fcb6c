/** Which taxonomy the values at a path belong to, and what `within` asks of them. */
import { taxonomies } from '@cadf-pipeline/cadf-model';
import type { Taxonomy } from '@cadf-pipeline/cadf-model';
import type { Path } from './filter.ts';

/**
 * Whether a value is the node `text` or below it, in whole segments. At `action`, `outcome` and `typeURI` values and
 * node are taken relative to their taxonomy (DSP0262 annex A), both as written and with aliases and case resolved.
 */
export function compileWithin(path: Path, text: string): (value: string) => boolean {
  const node = text.endsWith('/') ? text.slice(0, -1) : text;
  const taxonomy = taxonomyOf(path);
  if (taxonomy === undefined) return isBelow(node);
  const { classify } = taxonomy;
  const wanted = classify(node);
  const asWritten = isBelow(wanted.path);
  const asMeant = isBelow(wanted.canonical);
  return (value) => {
    const found = classify(value);
    return asMeant(found.canonical) || asWritten(found.path);
  };
}

function isBelow(node: string): (value: string) => boolean {
  const start = `${node}/`;
  return (value) => value === node || value.startsWith(start);
}

/** By the last name of the path; elsewhere values are compared as they are. */
export function taxonomyOf(path: Path): Taxonomy | undefined {
  switch (path.at(-1)) {
    case 'action':
      return taxonomies.actions;
    case 'outcome':
      return taxonomies.outcomes;
    case 'typeURI':
      return taxonomies.resources;
    default:
      return undefined;
  }
}
