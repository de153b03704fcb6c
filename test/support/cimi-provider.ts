/**
 * A CIMI cloud over real HTTP, as DSP0263 1.x and 2.0 say: entry point, resource metadata, machines, jobs with nested
 * jobs, event logs with events and summaries, meters with samples. The test moves its states and orders its faults.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { answerWithFault } from './cimi/faults.ts';
import type { Fault } from './cimi/faults.ts';
import { select } from './cimi/query.ts';
import { ref, typeUri } from './cimi/resource.ts';
import type { CimiValue, CimiVersion, Resource } from './cimi/resource.ts';
import { collectionJson, resourceJson } from './cimi/write-json.ts';
import type { Dialect } from './cimi/write-json.ts';
import { collectionXml, resourceXml } from './cimi/write-xml.ts';

export interface CimiProviderOptions {
  /** `2` unless told. */
  readonly version?: CimiVersion;
  /** Answers in it unless `Accept` names only the other. `json` unless told. */
  readonly format?: 'json' | 'xml';
  /** Capabilities that are advertised and obeyed, such as `FilterParameter`. None unless told. */
  readonly capabilities?: readonly string[];
  /** Items of a collection: whole, or only references unless `$expand` names them. `full` unless told. */
  readonly items?: 'full' | 'references';
  readonly dialect?: Dialect;
  /** The only value of `Authorization` that is let in. */
  readonly authorization?: string;
  /** Most items of one answer, whatever is asked for. */
  readonly maxItems?: number;
  /** Its baseURI, where it is not its own address. */
  readonly baseUri?: string;
  readonly tls?: ServerOptions;
}

export interface CimiProvider {
  /** Of the CloudEntryPoint. */
  readonly url: string;
  /** Paths with queries as they were written, in order of their coming. */
  readonly requests: readonly string[];
  put(type: string, id: string, attributes: Readonly<Record<string, CimiValue>>): void;
  change(id: string, attributes: Readonly<Record<string, CimiValue>>): void;
  remove(id: string): void;
  /** Adds to the log's events and its summary; makes the log when it is the first. */
  addEvent(log: string, event: Readonly<Record<string, CimiValue>>): void;
  /** Adds to the meter's samples; makes the meter when it is the first. */
  addSample(meter: string, sample: Readonly<Record<string, CimiValue>>): void;
  /** For the next `times` requests (all unless told) to the path below baseURI; `''` is the entry point. */
  fail(path: string, fault: Fault, times?: number): void;
  /** Items without end: each page is full of new ones. */
  makeEndless(path: string): void;
  close(): Promise<void>;
}

/** Path of a collection → key of its items and their type. */
const COLLECTIONS: Readonly<Record<string, readonly [plural: string, itemType: string]>> = {
  jobs: ['jobs', 'Job'],
  machines: ['machines', 'Machine'],
  eventLogs: ['eventLogs', 'EventLog'],
  events: ['events', 'Event'],
  meters: ['meters', 'Meter'],
  samples: ['samples', 'Sample'],
  resourceMetadata: ['resourceMetadata', 'ResourceMetadata'],
};
const ROOT = '/cimi/';
const OF_THE_ENTRY_POINT = ['resourceMetadata', 'machines', 'jobs', 'meters', 'eventLogs'];

export async function startCimiProvider(options: CimiProviderOptions = {}): Promise<CimiProvider> {
  const version = options.version ?? '2';
  const dialect = options.dialect ?? 'standard';
  const capabilities = new Set(options.capabilities);
  const resources = new Map<string, Resource>();
  const faults = new Map<string, { readonly fault: Fault; left: number }>();
  const endless = new Set<string>();
  const requests: string[] = [];

  function listen(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://provider');
    requests.push(request.url ?? '/');
    const path = url.pathname.slice(ROOT.length);
    if (options.authorization !== undefined && request.headers.authorization !== options.authorization)
      return answerWithFault(response, { kind: 'status', status: 401 });
    const failing = faults.get(path);
    if (failing !== undefined && failing.left > 0) {
      failing.left--;
      return answerWithFault(response, failing.fault);
    }
    const accept = request.headers.accept ?? '';
    const first = options.format ?? 'json';
    const other = first === 'json' ? 'xml' : 'json';
    const format = accept.includes(other) && !accept.includes(first) ? other : first;
    const body = write(path, url.searchParams, format);
    if (body === undefined) return answerWithFault(response, { kind: 'status', status: 404 });
    if (version === '1') response.setHeader('CIMI-Specification-Version', '1.1.0');
    response.writeHead(200, { 'content-type': `application/${format}; charset=utf-8` }).end(body);
  }

  function write(path: string, query: URLSearchParams, format: 'json' | 'xml'): string | undefined {
    if (path === '') return writeResource(entryPoint(), format);
    const one = resources.get(path);
    if (one !== undefined) return writeResource(one, format);
    const known = COLLECTIONS[path.slice(path.lastIndexOf('/') + 1)];
    if (known === undefined) return undefined;
    const [plural, itemType] = known;
    const selected = select(itemsOf(path, itemType, query), query, capabilities);
    const served = selected.items.slice(0, options.maxItems);
    const isWhole =
      options.items !== 'references' ||
      (capabilities.has('ExpandParameter') && ['*', '', plural].includes(query.get('$expand') ?? 'none'));
    const items = isWhole ? served : served.map(({ id, type }) => ({ id, type, attributes: { href: id } }));
    const count = endless.has(path) ? 1_000_000 : selected.count;
    const collection = { id: path, itemType, plural, items, count };
    return format === 'json'
      ? collectionJson(collection, version, dialect)
      : collectionXml(collection, version);
  }

  function writeResource(resource: Resource, format: 'json' | 'xml'): string {
    return format === 'json' ? resourceJson(resource, version, dialect) : resourceXml(resource, version);
  }

  function itemsOf(path: string, itemType: string, query: URLSearchParams): readonly Resource[] {
    if (endless.has(path)) {
      const start = Number(query.get('$first') ?? 1);
      return Array.from({ length: start + 9 }, (_, index) => ({
        id: `${path}/${index + 1}`,
        type: itemType,
        attributes: { state: 'RUNNING', timestamp: '2026-01-01T00:00:00Z' },
      }));
    }
    return [...resources.values()].filter(({ id }) => id.slice(0, id.lastIndexOf('/')) === path);
  }

  function entryPoint(): Resource {
    const links = OF_THE_ENTRY_POINT.map((name) => [name, ref(name)] as const);
    return {
      id: '',
      type: 'CloudEntryPoint',
      attributes: { baseURI: options.baseUri ?? `${origin}${ROOT}`, ...Object.fromEntries(links) },
    };
  }

  function metadata(): Resource {
    const root = typeUri(version, 'capability/CloudEntryPoint');
    return {
      id: 'resourceMetadata/cloudEntryPoint',
      type: 'ResourceMetadata',
      attributes: {
        typeURI: typeUri(version, 'CloudEntryPoint'),
        name: 'CloudEntryPoint',
        ...(capabilities.size === 0
          ? {}
          : {
              capabilities: [...capabilities].map((name) => ({
                name,
                uri: `${root}/${name}`,
                value: true,
              })),
            }),
      },
    };
  }

  function put(type: string, id: string, attributes: Readonly<Record<string, CimiValue>>): void {
    resources.set(id, { id, type, attributes: { ...attributes } });
  }

  function change(id: string, attributes: Readonly<Record<string, CimiValue>>): void {
    const found = resources.get(id);
    if (found === undefined) throw new Error(`The simulated cloud has no ${id}`);
    Object.assign(found.attributes, attributes);
  }

  function countBelow(path: string): number {
    return [...resources.keys()].filter((id) => id.startsWith(`${path}/`)).length;
  }

  const { id, type, attributes } = metadata();
  put(type, id, attributes);
  const server = options.tls === undefined ? createServer(listen) : createTlsServer(options.tls, listen);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;

  return {
    url: `${origin}${ROOT}`,
    requests,
    put,
    change,
    remove: (id) => void resources.delete(id),
    addEvent(log, event) {
      const events = `${log}/events`;
      if (!resources.has(log)) put('EventLog', log, { events: ref(events), persistence: 'daily' });
      put('Event', `${events}/${countBelow(events) + 1}`, event);
      const summary: Record<string, number> = { low: 0, medium: 0, high: 0, critical: 0 };
      for (const one of itemsOf(events, 'Event', new URLSearchParams())) {
        const severity = one.attributes['severity'];
        if (typeof severity === 'string') summary[severity] = (summary[severity] ?? 0) + 1;
      }
      change(log, { summary });
    },
    addSample(meter, sample) {
      const samples = `${meter}/samples`;
      if (!resources.has(meter)) put('Meter', meter, { samples: ref(samples) });
      put('Sample', `${samples}/${countBelow(samples) + 1}`, sample);
    },
    fail: (path, fault, times = Infinity) => void faults.set(path, { fault, left: times }),
    makeEndless: (path) => void endless.add(path),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
