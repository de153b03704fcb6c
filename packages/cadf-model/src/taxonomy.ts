/**
 * Looks taxonomy values up: DSP0262 annex A.2 (resources), A.3 (actions), A.4 (outcomes), with the extension
 * rules of /taxonomy/README.md. A prefix is made of whole segments: `created.x` is not below `create`.
 */
import type { TaxonomyData } from './taxonomy-data.ts';
import { actionTaxonomy, outcomeTaxonomy, resourceTaxonomy } from './taxonomy.generated.ts';

/**
 * - `standard`: a node of DSP0262;
 * - `extension`: below a standard node;
 * - `alias`: not a path of the taxonomy, but a known spelling of one (`created.project`, `security/account`);
 * - `other-case`: a node or an extension once folded to lower case (`SUCCESS`);
 * - `foreign`: an absolute URI of another taxonomy;
 * - `unknown-root`: a relative path whose first segment is no root of the taxonomy;
 * - `malformed`: no path at all (empty, blanks, empty segments, control characters).
 */
export type TaxonomyKind =
  | 'standard'
  | 'extension'
  | 'alias'
  | 'other-case'
  | 'foreign'
  | 'unknown-root'
  | 'malformed';

export interface Classification {
  readonly kind: TaxonomyKind;
  /** Longest standard prefix in whole segments (after aliases and case folding); undefined when there is none. */
  readonly standard: string | undefined;
  /** The value relative to the taxonomy's root, as spelled; foreign and malformed values as they came. */
  readonly path: string;
  /** `path` with aliases resolved and case folded: what to group and compare by. */
  readonly canonical: string;
  /** The value was an absolute URI below the taxonomy's base (`http` or `https`). */
  readonly absolute: boolean;
}

/** Looks one value up in one taxonomy. */
export type Classifier = (value: string) => Classification;

// Values repeat endlessly in a stream of events; distinct ones are few unless somebody plays with us.
const maxRemembered = 4096;
const maxRememberedLength = 256;
// Segments of the deepest node of all three taxonomies, with room; a test compares.
const deepest = 8;

/** Builds the lookup for one taxonomy. */
export function createClassifier(data: TaxonomyData): Classifier {
  const standard = new Set<string>();
  for (const node of data.nodes) if (node.origin === 'standard') standard.add(node.path);
  const remembered = new Map<string, Classification>();
  return (value) => {
    const known = remembered.get(value);
    if (known !== undefined) return known;
    const found = classify(data, standard, value);
    if (value.length <= maxRememberedLength) {
      if (remembered.size >= maxRemembered) remembered.clear();
      remembered.set(value, found);
    }
    return found;
  };
}

/** An action (DSP0262 A.3). */
export const classifyAction: Classifier = createClassifier(actionTaxonomy);
/** A resource type (DSP0262 A.2). */
export const classifyResource: Classifier = createClassifier(resourceTaxonomy);
/** An outcome (DSP0262 A.4). */
export const classifyOutcome: Classifier = createClassifier(outcomeTaxonomy);

/** A taxonomy and how values are looked up in it. */
export interface Taxonomy {
  readonly data: TaxonomyData;
  readonly classify: Classifier;
}

/** The three of DSP0262 annex A. */
export const taxonomies = {
  actions: { data: actionTaxonomy, classify: classifyAction },
  resources: { data: resourceTaxonomy, classify: classifyResource },
  outcomes: { data: outcomeTaxonomy, classify: classifyOutcome },
} satisfies Readonly<Record<string, Taxonomy>>;

/** Paths that mean the same as this one, itself first: what a query for it should match. */
export function equivalentPaths(data: TaxonomyData, path: string): readonly string[] {
  const canonical = resolveAlias(data, path) ?? path;
  const paths = new Set([path, canonical]);
  for (const alias of data.aliases) {
    const other = applyAlias({ from: alias.to, to: alias.from }, canonical);
    if (other !== undefined) paths.add(other);
  }
  return [...paths];
}

function classify(data: TaxonomyData, standard: ReadonlySet<string>, value: string): Classification {
  const relative = relativeTo(data.baseUri, value);
  const absolute = relative !== undefined;
  const path = relative ?? value;
  if (!absolute && isAbsoluteUri(value)) {
    return { kind: 'foreign', standard: undefined, path: value, canonical: value, absolute: false };
  }
  if (!isPath(path)) {
    return { kind: 'malformed', standard: undefined, path: value, canonical: value, absolute };
  }
  const prefix = longestPrefix(standard, path);
  const canonical = resolveAlias(data, path);
  if (prefix !== undefined) {
    const meant = canonical ?? path;
    return {
      kind: prefix === path ? 'standard' : 'extension',
      standard: longestPrefix(standard, meant) ?? prefix,
      path,
      canonical: meant,
      absolute,
    };
  }
  if (canonical !== undefined) {
    return { kind: 'alias', standard: longestPrefix(standard, canonical), path, canonical, absolute };
  }
  const folded = foldAscii(path);
  if (folded !== path) {
    const lower = classify(data, standard, folded);
    if (lower.standard !== undefined) return { ...lower, kind: 'other-case', path, absolute };
  }
  return { kind: 'unknown-root', standard: undefined, path, canonical: path, absolute };
}

/** The taxonomies are ASCII; and other letters fold differently from one engine to the next. */
function foldAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** What follows the base URI, whatever the scheme's `s`; undefined when the value is not below the base. */
function relativeTo(baseUri: string, value: string): string | undefined {
  if (value.startsWith(baseUri)) return value.slice(baseUri.length);
  if (!value.startsWith('https://')) return undefined;
  const plain = `http://${value.slice('https://'.length)}`;
  return plain.startsWith(baseUri) ? plain.slice(baseUri.length) : undefined;
}

/** scheme ":" as in RFC 3986 section 3.1, followed by `//`, or a URN. */
function isAbsoluteUri(value: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]{0,31}:\/\/[^\s]+$/.test(value) || /^urn:[^\s]+$/i.test(value);
}

function hasBlankOrControl(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code <= 0x20 || (code >= 0x7f && code <= 0xa0)) return true;
  }
  return false;
}

function isPath(path: string): boolean {
  return (
    path !== '' &&
    !path.startsWith('/') &&
    !path.endsWith('/') &&
    !path.includes('//') &&
    !hasBlankOrControl(path)
  );
}

/** Prefixes of at most `deepest` segments, longest first: long values cost no more than short ones. */
function longestPrefix(standard: ReadonlySet<string>, path: string): string | undefined {
  let found: string | undefined;
  let end = 0;
  for (let segments = 1; segments <= deepest; segments++) {
    end = path.indexOf('/', end + 1);
    const prefix = end < 0 ? path : path.slice(0, end);
    if (standard.has(prefix)) found = prefix;
    if (end < 0) return found;
  }
  return found;
}

function resolveAlias(data: TaxonomyData, path: string): string | undefined {
  for (const alias of data.aliases) {
    const resolved = applyAlias(alias, path);
    if (resolved !== undefined) return resolved;
  }
  return undefined;
}

function applyAlias(alias: { readonly from: string; readonly to: string }, path: string): string | undefined {
  if (!alias.from.endsWith('*')) return alias.from === path ? alias.to : undefined;
  const start = alias.from.slice(0, -1);
  const rest = path.slice(start.length);
  if (rest === '' || !path.startsWith(start)) return undefined;
  return alias.to.slice(0, -1) + rest;
}
