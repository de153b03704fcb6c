/** How a server deviates from the standard, in parts that can be put together; `servers.ts` has the real ones. */
import type { CimiValue, CimiVersion, Resource } from './resource.ts';
import { typeUri } from './resource.ts';

export interface Dialect {
  /** Version it speaks, where it has no choice. */
  readonly version?: CimiVersion;
  readonly formats?: readonly ('json' | 'xml')[];
  /** Of its type URIs, its actions and event types, instead of the standard's; ends in a slash. */
  readonly root?: string;
  /** `resourceURI` of a type. */
  readonly typeUriOf?: (type: string) => string;
  /** Path of the entry point below `/cimi/`. */
  readonly entryPointPath?: string;
  /** Collections that it has, by their names in the standard; `events`, where all are in one. All but that unless told. */
  readonly collections?: readonly string[];
  /** Entry point: its collections are members of `collections`. */
  readonly hasCollectionsMember?: boolean;
  /** First segment of its paths, by the standard's. */
  readonly paths?: Readonly<Record<string, string>>;
  /** References as texts: all of them, or in these types. */
  readonly plainReferences?: 'all' | readonly string[];
  readonly kebabCase?: boolean;
  /** Key of a collection's items, instead of their plural. */
  readonly listKey?: 'resources' | 'entries';
  /** Items hold a reference to the resource inside of them, under its type's name. */
  readonly hasInnerReferences?: boolean;
  /** References in collections have no id, and each resource an `href` beside its id. */
  readonly hasHrefs?: boolean;
  readonly items?: 'references';
  /** Slashes are doubled, and references written with a capital: `Machine/1`. */
  readonly isCareless?: boolean;
  /** XML: its namespace, line feeds around texts, `resourceURI` on each root. */
  readonly namespace?: string;
  readonly isPadded?: boolean;
  readonly hasTypeAttribute?: boolean;
  /** Body of a failed request: a job unless told. */
  readonly errors?: 'text' | 'members' | 'element';
  /** Name of the header with the job's URI; `none` where it has none. */
  readonly jobHeader?: string;
  /** Header that tells the version. */
  readonly versionHeader?: readonly [name: string, value: string];
  /** Its own words for a resource: states, actions, contents of events. */
  readonly dress?: (resource: Resource) => Resource;
}

const STANDARD_ROOT = /^http:\/\/schemas\.dmtf\.org\/cimi\/\d\/(?!CloudEntryPoint$)/;

export function typeUriIn(dialect: Dialect, version: CimiVersion, type: string): string {
  const { root, typeUriOf } = dialect;
  if (typeUriOf !== undefined) return typeUriOf(type);
  return root === undefined || type === 'CloudEntryPoint' ? typeUri(version, type) : root + type;
}

/** Where a resource is, as the server writes it. */
export function pathOut(dialect: Dialect, path: string): string {
  if (path.includes('://')) return path;
  const [first = '', ...rest] = path.split('/');
  return [dialect.paths?.[first] ?? first, ...rest].join('/');
}

/** What the standard calls the path of a request. */
export function pathIn(dialect: Dialect, asked: string): string {
  const path = asked.replaceAll(/\/{2,}/g, '/');
  if (path === dialect.entryPointPath) return '';
  const [first = '', ...rest] = path.split('/');
  const isSame = (name: string): boolean =>
    name === first || (dialect.isCareless === true && name.toLowerCase() === first.toLowerCase());
  const known = Object.entries(dialect.paths ?? {}).find(([, theirs]) => isSame(theirs));
  return [known?.[0] ?? first, ...rest].join('/');
}

/** The members of a document with the server's references, roots and names. */
export function inDialect(dialect: Dialect, members: CimiValue, type: string): CimiValue {
  const { root, kebabCase, plainReferences } = dialect;
  const isPlain = plainReferences === 'all' || plainReferences?.includes(type) === true;
  const walk = (value: CimiValue): CimiValue => {
    if (typeof value === 'string') return root === undefined ? value : value.replace(STANDARD_ROOT, root);
    if (Array.isArray(value)) return value.map((one: CimiValue) => walk(one));
    if (typeof value !== 'object') return value;
    const entries = Object.entries(value);
    const [only] = entries;
    if (entries.length === 1 && only?.[0] === 'href') {
      const href = hrefOut(dialect, String(only[1]));
      return isPlain ? href : { href };
    }
    return Object.fromEntries(
      entries.map(([name, one]) => [
        kebabCase === true ? kebab(name) : name,
        name === 'href' && typeof one === 'string' ? hrefOut(dialect, one) : walk(one),
      ]),
    );
  };
  return walk(members);
}

function hrefOut(dialect: Dialect, href: string): string {
  const path = pathOut(dialect, href);
  if (dialect.isCareless !== true) return path;
  return `${path.slice(0, 1).toUpperCase()}${path.slice(1).replaceAll('/', '//')}`;
}

export function kebab(name: string): string {
  if (name === 'resourceURI') return 'resource-type';
  return name.replace('URI', 'Uri').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
