/** What is read of the simulated cloud: resources and pages of collections, in JSON or XML. */
import { collectionKind, entryPoint, OF_THE_ENTRY_POINT } from './collections.ts';
import { pathOut } from './dialect.ts';
import type { Dialect } from './dialect.ts';
import { misdeal } from './misdeeds.ts';
import type { Misdeed } from './misdeeds.ts';
import { select, selectAttributes } from './query.ts';
import { ref } from './resource.ts';
import type { CimiVersion, Resource } from './resource.ts';
import type { CloudStore } from './store.ts';
import { collectionJson, resourceJson } from './write-json.ts';
import { collectionXml, resourceXml } from './write-xml.ts';

export interface ReaderOptions {
  readonly store: CloudStore;
  readonly version: CimiVersion;
  readonly dialect: Dialect;
  readonly capabilities: ReadonlySet<string>;
  readonly items: 'full' | 'references';
  readonly maxItems: number | undefined;
  readonly misdeeds: ReadonlyMap<string, Misdeed>;
  readonly baseUri: () => string;
}

export type Format = 'json' | 'xml';

export interface CloudReader {
  /** Undefined where there is nothing. */
  read(path: string, query: URLSearchParams, format: Format): string | undefined;
  write(resource: Resource, format: Format): string;
}

export function createCloudReader(options: ReaderOptions): CloudReader {
  const { store, version, dialect, capabilities } = options;

  function write(resource: Resource, format: Format): string {
    const dressed = dialect.dress?.(resource) ?? resource;
    return format === 'json'
      ? resourceJson(dressed, version, dialect)
      : resourceXml(dressed, version, dialect);
  }

  function readCollection(path: string, query: URLSearchParams, format: Format): string | undefined {
    const kind = collectionKind(path);
    if (kind === undefined) return undefined;
    const { plural, itemType } = kind;
    const dealt = misdeal(options.misdeeds.get(path), store.below(path), { path, itemType, query });
    const selected = select(dealt.items, query, capabilities);
    const served = selected.items.slice(0, options.maxItems);
    const isWhole =
      options.items === 'full' ||
      (capabilities.has('ExpandParameter') && ['*', '', plural].includes(query.get('$expand') ?? 'none'));
    const items = isWhole
      ? served.map((item) => selectAttributes(dialect.dress?.(item) ?? item, query, capabilities))
      : served.map(({ id, type }) => ({ id, type, attributes: { href: id } }));
    const collection = { id: path, itemType, plural, items, count: dealt.count ?? selected.count };
    return format === 'json'
      ? collectionJson(collection, version, dialect)
      : collectionXml(collection, version, dialect);
  }

  function readEntryPoint(): Resource {
    const names = dialect.collections ?? OF_THE_ENTRY_POINT;
    if (dialect.hasCollectionsMember !== true) return entryPoint(options.baseUri(), names);
    const collections = Object.fromEntries(names.map((name) => [pathOut(dialect, name), ref(name)]));
    return { id: '', type: 'CloudEntryPoint', attributes: { baseURI: options.baseUri(), collections } };
  }

  return {
    write,
    read(path, query, format) {
      if (path === '') return write(readEntryPoint(), format);
      if (dialect.collections?.includes(path.split('/')[0] ?? '') === false) return undefined;
      const one = store.get(path);
      return one === undefined
        ? readCollection(path, query, format)
        : write(selectAttributes(one, query, capabilities), format);
    },
  };
}
