/** Two query processes over one stream and one store, with callers by their tokens. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ControlState } from '@cadf-pipeline/control-state';
import { createChdbStore } from '@cadf-pipeline/event-store';
import { EVENTS_TOPIC } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import type { Principal } from '@cadf-pipeline/service-kit';
import type { FastifyInstance } from 'fastify';
import { record } from '../../../../test/contract/store-suite.ts';
import { startQueryProcess } from '../query-app.test-support.ts';
import { putMigratedStore } from '../../../../test/support/migrated-store.ts';

export interface Reply {
  readonly status: number;
  /** Status, with the code of a problem: `404 QUERY_SAVED_NOT_FOUND`. */
  readonly verdict: string;
  readonly headers: Readonly<Record<string, unknown>>;
  // Looked at as JSON of any form.
  readonly body: Record<string, unknown>;
  readonly text: string;
}

export type Call = (
  token: string,
  route: string,
  body?: object,
  headers?: Readonly<Record<string, string>>,
) => Promise<Reply>;

export interface Audited {
  readonly event: Readonly<Record<string, unknown>>;
  readonly tenants: string;
}

export interface SavedQueryApps {
  /** Calls a route below /cadf/v1 of the first process. */
  readonly call: Call;
  /** The same of the second. */
  readonly callOther: Call;
  readonly other: ControlState;
  /** The audit events in the stream, in order. */
  audited(): Promise<readonly Audited[]>;
  close(): Promise<void>;
}

const EVENTS: readonly (readonly [event: object, tenants: readonly string[]])[] = [
  ['1', 'ada', 'failure', '10.0.0.1', ['a']],
  ['2', 'bob', 'success', '10.0.0.2', ['a']],
  ['3', 'ada', 'success', '192.0.2.1', ['b']],
  ['4', "o'neil", 'failure', '10.9.9.9', ['a', 'b']],
].map(([id, name, outcome, address, tenants]) => [
  {
    id,
    eventTime: `2026-11-0${String(id)}T12:00:00.000+00:00`,
    action: Number(id) % 2 === 0 ? 'update/config' : 'authenticate',
    outcome,
    initiator: { id: `u-${String(name)}`, name, host: { address } },
    target: { id: 't', typeURI: 'service/compute', name: 'nova boot' },
    observer: { id: 'o', typeURI: 'service/security' },
  },
  tenants as readonly string[],
]);

/** `streams` are those of the two processes; they may be the same one. */
export async function startSavedQueryApps(
  streams: readonly [EventStream, EventStream],
  callers: Readonly<Record<string, Partial<Principal>>>,
): Promise<SavedQueryApps> {
  const path = mkdtempSync(join(tmpdir(), 'saved-queries-'));
  putMigratedStore(join(path, 'store'));
  const store = createChdbStore({ path: join(path, 'store') });
  await store.migrate();
  await store.own([0]);
  await store.insert(
    EVENTS.map(([event, tenants], offset) => record(offset, JSON.stringify(event), { tenants })),
  );
  await streams[0].createTopics([{ name: EVENTS_TOPIC, partitions: 1, cleanup: 'delete' }]);
  const first = await startQueryProcess({ path: join(path, 'first'), store, stream: streams[0] }, callers);
  const second = await startQueryProcess({ path: join(path, 'second'), store, stream: streams[1] }, callers);
  return {
    call: callOf(first.app),
    callOther: callOf(second.app),
    other: second.state,
    async audited() {
      const found: Audited[] = [];
      const from = new Map([[0, 0]]);
      for await (const { records } of streams[0].read(EVENTS_TOPIC, { from, follow: false })) {
        for (const { headers, value } of records)
          found.push({
            event: JSON.parse(String(value)) as Audited['event'],
            tenants: headers['cadf-tenants'] ?? '',
          });
      }
      return found;
    },
    async close() {
      await first.close();
      await second.close();
      await store.close();
      rmSync(path, { recursive: true, force: true });
    },
  };
}

function callOf(app: FastifyInstance): Call {
  return async (token, route, body, headers = {}) => {
    const [method, path = ''] = route.split(' ');
    const answer = await app.inject({
      method: method as 'GET' | 'POST' | 'PUT' | 'DELETE',
      url: `/cadf/v1/${path}`,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(body === undefined ? {} : { payload: body }),
    });
    const text = answer.body;
    const isJson = String(answer.headers['content-type']).includes('json') && !text.includes('\n{');
    const parsed = isJson && text !== '' ? (JSON.parse(text) as Record<string, unknown>) : {};
    const status = answer.statusCode;
    const verdict = status < 400 ? String(status) : `${status} ${String(parsed['code'])}`;
    return { status, verdict, headers: answer.headers, body: parsed, text };
  };
}
