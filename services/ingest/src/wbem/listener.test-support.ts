/** A listener for CIM indications over a real stream and control state, for the tests of this folder. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createControlState } from '@cadf-pipeline/control-state';
import type { ControlState } from '@cadf-pipeline/control-state';
import { createLmdbStream, StreamError } from '@cadf-pipeline/event-stream';
import type { EventStream, StreamRecord } from '@cadf-pipeline/event-stream';
import { createPipelineMetrics, createToken, hashKey, loadConfig } from '@cadf-pipeline/service-kit';
import type { Role } from '@cadf-pipeline/service-kit';
import { onTestFinished } from 'vitest';
import { EVENTS_TOPIC, RECORDS_TOPIC, topics } from '../topics.ts';
import { createWbemIntake } from './wbem-intake.ts';
import type { WbemIntake } from './wbem-intake.ts';
import { wbemSettings } from './wbem-settings.ts';

export interface TestListener {
  readonly port: number;
  readonly intake: WbemIntake;
  readonly stream: EventStream;
  readonly state: ControlState;
  /** A key's token. */
  readonly token: string;
  /** Raw records kept so far, or own events. */
  readonly records: (topic?: string) => Promise<readonly StreamRecord[]>;
  /** Lets appends fail, or work again. */
  readonly fail: (isFailing: boolean) => void;
  /** Lets appends wait until the function answered is called. */
  readonly hold: () => () => void;
  readonly metrics: () => Promise<string>;
}

const NEW = { by: 'test', ifVersion: 0 };
const quiet = (): void => undefined;
const logger = { info: quiet, warn: quiet, error: quiet };

export async function startListener(
  env: Readonly<Record<string, string>> = {},
  now: () => number = Date.now,
): Promise<TestListener> {
  const folder = await mkdtemp(join(tmpdir(), 'cadf-wbem-'));
  const lmdb = createLmdbStream({ path: folder });
  let isFailing = false;
  let held: Promise<void> = Promise.resolve();
  const stream: EventStream = Object.assign(Object.create(lmdb) as EventStream, {
    append: async (...call: Parameters<EventStream['append']>) => {
      if (isFailing) throw new StreamError('STREAM_UNAVAILABLE', 'it is told to fail');
      await held;
      return lmdb.append(...call);
    },
  });
  await stream.createTopics(topics({ partitions: 1, retentionMs: 86_400_000 }));
  const state = createControlState({ stream, logger });
  await state.start();
  for (const [id, type] of [
    ['hypervisors-a', 'cim-indications'],
    ['mixed', 'auto'],
    ['other', 'cadf'],
  ] as const)
    await state.change('source', id, { id, type, name: id, tenants: ['t1'] }, NEW);
  const token = await addKey(state, 'sender', ['submit'], '*');
  const metrics = createPipelineMetrics({ process: false });
  const intake = createWbemIntake({
    stream,
    state,
    config: loadConfig(wbemSettings, { CADF_WBEM_PORT: '0', CADF_WBEM_SOURCE: 'hypervisors-a', ...env }),
    maxMessageBytes: 64 * 1024,
    metrics,
    pressure: () => undefined,
    logger,
    now,
    instance: 'test',
  });
  onTestFinished(async () => {
    await intake.stop();
    await state.close();
    await lmdb.close();
    await rm(folder, { recursive: true, force: true });
  });
  await intake.start();
  return {
    port: intake.port() ?? 0,
    intake,
    stream,
    state,
    token,
    records: (topic = RECORDS_TOPIC) => recordsOf(lmdb, topic),
    fail: (value) => (isFailing = value),
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
    metrics: () => metrics.registry.metrics(),
  };
}

export const OWN_EVENTS = EVENTS_TOPIC;

/** Adds a key and answers its token. */
export async function addKey(
  state: ControlState,
  id: string,
  roles: Role[],
  tenants: '*' | string[],
  source?: string,
): Promise<string> {
  const token = createToken(id);
  const bound = source === undefined ? {} : { source };
  const key = {
    id,
    name: id,
    hash: hashKey(token),
    roles,
    tenants,
    created: '2026-01-01T00:00:00Z',
    ...bound,
  };
  await state.change('key', id, key, NEW);
  return token;
}

async function recordsOf(stream: EventStream, topic: string): Promise<StreamRecord[]> {
  const from = new Map([...(await stream.bounds(topic))].map(([partition, { first }]) => [partition, first]));
  const found: StreamRecord[] = [];
  for await (const { records } of stream.read(topic, { from, follow: false })) found.push(...records);
  return found;
}

/** A message as CIM servers send it. */
export function exportMessage(
  id: string,
  properties: Readonly<Record<string, string>> = {},
  call = 'ExportIndication',
): string {
  return cimMessage(id, `<SIMPLEEXPREQ>${exportCall(properties, call)}</SIMPLEEXPREQ>`);
}

export function cimMessage(id: string, request: string): string {
  return `<?xml version="1.0" encoding="utf-8" ?>
<CIM CIMVERSION="2.0" DTDVERSION="2.0"><MESSAGE ID="${id}" PROTOCOLVERSION="1.0">${request}</MESSAGE></CIM>`;
}

export function exportCall(
  properties: Readonly<Record<string, string>> = {},
  call = 'ExportIndication',
): string {
  const written = Object.entries(properties)
    .map(([name, value]) => `<PROPERTY NAME="${name}" TYPE="string"><VALUE>${value}</VALUE></PROPERTY>`)
    .join('');
  return `<EXPMETHODCALL NAME="${call}"><EXPPARAMVALUE NAME="NewIndication"><INSTANCE CLASSNAME="CIM_AlertIndication">${written}</INSTANCE></EXPPARAMVALUE></EXPMETHODCALL>`;
}

export interface ExportRequest {
  readonly method?: string;
  readonly path?: string;
  readonly version?: string;
  /** Added to, or (undefined) taken from, the usual ones. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly token?: string;
  readonly body: string | Buffer;
}

/** A request as text, the headers in the order they are given. */
export function exportRequest({
  method = 'POST',
  path = '/',
  version = '1.1',
  headers,
  token,
  body,
}: ExportRequest): Buffer {
  const bytes = Buffer.from(body);
  const all: Readonly<Record<string, string | undefined>> = {
    Host: 'listener',
    'Content-Type': 'application/xml; charset="utf-8"',
    'Content-Length': String(bytes.length),
    ...(method === 'M-POST' ? {} : { CIMExport: 'MethodRequest', CIMExportMethod: 'ExportIndication' }),
    ...(token === undefined
      ? {}
      : { Authorization: `Basic ${Buffer.from(`cim:${token}`).toString('base64')}` }),
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  );
  return Buffer.concat([
    Buffer.from(`${method} ${path} HTTP/${version}\r\n${lines.join('\r\n')}\r\n\r\n`),
    bytes,
  ]);
}

export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Sends bytes in pieces on a connection of their own and reads one answer; status 0: closed without one. */
export async function send(port: number, pieces: Buffer | readonly (Buffer | string)[]): Promise<Answer> {
  const socket = connect({ host: '127.0.0.1', port });
  const answer = nextAnswer(socket);
  for (const piece of Buffer.isBuffer(pieces) ? [pieces] : pieces) {
    if (socket.destroyed) break;
    socket.write(piece);
    await new Promise((resume) => setTimeout(resume, 5));
  }
  const read = await answer;
  socket.destroy();
  return read;
}

/** The next answer of a socket, passing `100 Continue` over. */
export function nextAnswer(socket: Socket): Promise<Answer> {
  return new Promise((resolve) => {
    let text = '';
    const look = (chunk?: Buffer): void => {
      text += chunk?.toString() ?? '';
      if (text.startsWith('HTTP/1.1 100')) text = text.slice(text.indexOf('\r\n\r\n') + 4);
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) return;
      const [start = '', ...lines] = text.slice(0, end).split('\r\n');
      const headers = new Map(
        lines.map((line) => [
          line.slice(0, line.indexOf(':')).toLowerCase(),
          line.slice(line.indexOf(':') + 1).trim(),
        ]),
      );
      const body = text.slice(end + 4);
      if (Buffer.byteLength(body) < Number(headers.get('content-length') ?? 0)) return;
      socket.off('data', look);
      resolve({ status: Number(start.split(' ')[1]), headers, body });
    };
    socket.on('data', look);
    socket.on('error', () => undefined);
    socket.once('close', () => resolve({ status: 0, headers: new Map(), body: text }));
  });
}

/** A key and a certificate that signs itself: `<folder>/<name>.key`, `.crt`. */
export function certify(folder: string, name: string, ...more: readonly string[]): void {
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2';
  const files = ['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.crt`)];
  execFileSync('openssl', [...request.split(' '), '-subj', `/CN=${name}`, ...files, ...more], {
    stdio: 'ignore',
    timeout: 20_000,
  });
}
