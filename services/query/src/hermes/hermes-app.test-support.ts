/** The query service as a client of Hermes asks it. */
import { startQueryApp } from '../query-app.test-support.ts';
import type { QueryApp, QueryAppOptions, TestCallers } from '../query-app.test-support.ts';

export interface HermesApp extends QueryApp {
  /** Asks as a caller (its id is its token; '' none), under the host `audit.example`. */
  get(caller: string, url: string): Promise<HermesAnswer>;
}

export interface HermesAnswer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
  json<T = Record<string, unknown>>(): T;
}

export async function startHermesApp(callers: TestCallers, options?: QueryAppOptions): Promise<HermesApp> {
  const query = await startQueryApp(callers, options);
  return {
    ...query,
    async get(caller, url) {
      const headers = { host: 'audit.example', ...(caller === '' ? {} : { 'x-auth-token': caller }) };
      const answer = await query.app.inject({ url, headers });
      return {
        status: answer.statusCode,
        text: answer.payload,
        headers: answer.headers,
        json: <T>() => answer.json<T>(),
      };
    },
  };
}
