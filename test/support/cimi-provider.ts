/**
 * A CIMI cloud over real HTTP, as DSP0263 1.x and 2.0 say: entry point, resource metadata, machines, systems, volumes,
 * images, networks, jobs with nested jobs, event logs with events and summaries, meters with samples. Consumers ask for
 * operations; the test moves its states and orders its faults.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createLiveCloud } from './cimi/cloud.ts';
import type { LiveCloud } from './cimi/cloud.ts';
import { entryPointMetadata } from './cimi/collections.ts';
import { takeRequest } from './cimi/consumer.ts';
import type { ConsumerAnswer } from './cimi/consumer.ts';
import { pathIn, pathOut } from './cimi/dialect.ts';
import { writeError } from './cimi/errors.ts';
import type { ErrorAnswer } from './cimi/errors.ts';
import { answerWithFault } from './cimi/faults.ts';
import type { Fault } from './cimi/faults.ts';
import type { Misdeed } from './cimi/misdeeds.ts';
import { createCloudReader } from './cimi/reader.ts';
import type { Format } from './cimi/reader.ts';
import type { CimiVersion } from './cimi/resource.ts';
import { DIALECTS } from './cimi/servers.ts';
import type { DialectName } from './cimi/servers.ts';
import { createCloudStore } from './cimi/store.ts';
import type { CloudStore } from './cimi/store.ts';

export interface CimiProviderOptions {
  /** `2` unless told. */
  readonly version?: CimiVersion;
  /** Answers in it unless `Accept` names only the other. `json` unless told. */
  readonly format?: Format;
  /** Capabilities that are advertised and obeyed, such as `FilterParameter`. None unless told. */
  readonly capabilities?: readonly string[];
  /** Items of a collection: whole, or only references unless `$expand` names them. `full` unless told. */
  readonly items?: 'full' | 'references';
  /** `standard` unless told; a real server's brings its version, its formats and its items with it. */
  readonly dialect?: DialectName;
  /** The only value of `Authorization` that is let in. */
  readonly authorization?: string;
  /** Most items of one answer, whatever is asked for. */
  readonly maxItems?: number;
  /** Its baseURI, where it is not its own address. */
  readonly baseUri?: string;
  readonly tls?: ServerOptions;
  /** A free one unless told. */
  readonly port?: number;
  /** Milliseconds. Unless told: from the first of June 2026 on, a second later each time it is asked. */
  readonly clock?: () => number;
}

export interface CimiProvider
  extends
    Pick<CloudStore, 'put' | 'change' | 'remove' | 'below' | 'addEvent' | 'addSample' | 'purge'>,
    Pick<LiveCloud, 'failNext' | 'advance'> {
  /** Of the CloudEntryPoint. */
  readonly url: string;
  readonly baseUri: string;
  /** Paths with queries as they were written, in order of their coming. */
  readonly requests: readonly string[];
  /** Writes an event of CADF into the cloud's own log, as the content of an Event. */
  audit: LiveCloud['journal']['audit'];
  /** For the next `times` requests (all unless told) to the path below baseURI; `''` is the entry point. */
  fail(path: string, fault: Fault, times?: number): void;
  /** How a collection deceives from now on; `undefined` makes it honest again. */
  deceive(path: string, misdeed: Misdeed | undefined): void;
  /** Items without end: each page is full of new ones. */
  makeEndless(path: string): void;
  close(): Promise<void>;
}

const ROOT = '/cimi/';
const FIRST_OF_JUNE_MS = Date.UTC(2026, 5, 1);
const MAX_BODY_BYTES = 1_000_000;

export async function startCimiProvider(options: CimiProviderOptions = {}): Promise<CimiProvider> {
  const dialect = DIALECTS[options.dialect ?? 'standard'];
  const version = dialect.version ?? options.version ?? '2';
  const capabilities = new Set(options.capabilities);
  const faults = new Map<string, { readonly fault: Fault; left: number }>();
  const misdeeds = new Map<string, Misdeed>();
  const requests: string[] = [];
  let ticks = 0;
  const clock = options.clock ?? (() => FIRST_OF_JUNE_MS + 1000 * ticks++);
  const store = createCloudStore(dialect.collections?.includes('events') === true ? 'events' : undefined);
  const cloud = createLiveCloud(store, version, () => new Date(clock()).toISOString());
  const reader = createCloudReader({
    store,
    version,
    dialect,
    capabilities,
    items: dialect.items ?? options.items ?? 'full',
    maxItems: options.maxItems,
    misdeeds,
    baseUri: () => baseUri,
  });

  function listen(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://provider');
    requests.push(request.url ?? '/');
    const path = pathIn(dialect, url.pathname.slice(ROOT.length));
    if (options.authorization !== undefined && request.headers.authorization !== options.authorization)
      return answerWithFault(response, { kind: 'status', status: 401 });
    const failing = faults.get(path);
    if (failing !== undefined && failing.left > 0) {
      failing.left--;
      if (failing.fault.kind !== 'slow') return answerWithFault(response, failing.fault);
      setTimeout(() => answer(request, response, url), failing.fault.delayMs);
      return;
    }
    answer(request, response, url);
  }

  function answer(request: IncomingMessage, response: ServerResponse, url: URL): void {
    const path = pathIn(dialect, url.pathname.slice(ROOT.length));
    const format = formatFor(request.headers.accept ?? '');
    const [header, value] = dialect.versionHeader ?? ['CIMI-Specification-Version', '1.1.0'];
    if (version === '1') response.setHeader(header, value);
    response.setHeader('content-type', `application/${format}; charset=utf-8`);
    if (request.method !== 'GET') return void take(request, response, path, format);
    const body = reader.read(path, url.searchParams, format);
    if (body === undefined)
      return answerError(response, { status: 404, message: `There is no ${path}`, format });
    response.writeHead(200).end(body);
  }

  function formatFor(accept: string): Format {
    const first = options.format ?? 'json';
    const other = first === 'json' ? 'xml' : 'json';
    if (dialect.formats?.includes(first) === false) return other;
    if (dialect.formats?.includes(other) === false) return first;
    return accept.includes(other) && !accept.includes(first) ? other : first;
  }

  async function take(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    format: Format,
  ): Promise<void> {
    const { method = 'GET', headers } = request;
    const body = await readText(request).catch(() => null);
    // Its sender has gone.
    if (body === null) return void response.destroy();
    if (body === undefined) return void response.writeHead(413).end();
    const initiator = initiatorOf(headers.authorization);
    answerConsumer(response, takeRequest({ method, path, body, initiator }, store, cloud), format);
  }

  /** With the job of the request: the one that was made, else one that tells of the failure and is kept nowhere. */
  function answerConsumer(response: ServerResponse, answer: ConsumerAnswer, format: Format): void {
    const { status, job, location, failure } = answer;
    const at = (path: string): string => baseUri + pathOut(dialect, path);
    const jobHeader = dialect.jobHeader ?? 'CIMI-Job-URI';
    const hasJob = job !== undefined && jobHeader !== 'none';
    if (hasJob) response.setHeader(jobHeader, at(job));
    if (location !== undefined)
      response.setHeader('Location', location.includes('://') ? location : at(location));
    if (failure !== undefined) return answerError(response, { status, message: failure, format });
    const told = store.get(hasJob ? job : (location ?? ''));
    response.writeHead(status).end(told === undefined ? '' : reader.write(told, format));
  }

  function answerError(response: ServerResponse, error: ErrorAnswer): void {
    const { status, message, format } = error;
    const attributes = { state: 'FAILED', returnCode: status, statusMessage: message };
    const written = writeError(dialect.errors, error) ?? {
      type: `application/${format}`,
      body: reader.write({ id: '', type: 'Job', attributes }, format),
    };
    response.writeHead(status, { 'content-type': written.type }).end(written.body);
  }

  const { id, type, attributes } = entryPointMetadata(version, capabilities);
  store.put(type, id, attributes);
  const server = options.tls === undefined ? createServer(listen) : createTlsServer(options.tls, listen);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  const baseUri = options.baseUri ?? `${origin}${ROOT}`;

  return {
    ...store,
    url: `${origin}${ROOT}${dialect.entryPointPath ?? ''}`,
    baseUri,
    requests,
    audit: (cadf) => cloud.journal.audit(cadf),
    failNext: (verb, message) => cloud.failNext(verb, message),
    advance: (steps) => cloud.advance(steps),
    fail: (path, fault, times = Infinity) => void faults.set(path, { fault, left: times }),
    deceive(path, misdeed) {
      if (misdeed === undefined) misdeeds.delete(path);
      else misdeeds.set(path, misdeed);
    },
    makeEndless: (path) => void misdeeds.set(path, 'endless'),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The user of Basic; of anything else only that it was there. */
function initiatorOf(authorization: string | undefined): string {
  if (authorization === undefined) return 'anonymous';
  const [scheme = '', value = ''] = authorization.split(' ');
  if (scheme.toLowerCase() !== 'basic') return 'token';
  return Buffer.from(value, 'base64').toString('utf8').split(':')[0] ?? 'anonymous';
}

async function readText(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_BODY_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
