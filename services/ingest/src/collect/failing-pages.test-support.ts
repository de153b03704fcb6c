/** A client whose listings of some collection end with an error behind their first page, as when a poll's time is over. */
import type { CimiClient } from '../cimi/cimi-client.ts';

export interface FailingPages {
  readonly client: CimiClient;
  /** From now on, of collections whose path ends so; undefined: of none. */
  readonly failAt: (path: string | undefined, error?: Error) => void;
}

export function failingPages(client: CimiClient): FailingPages {
  let failing: { readonly path: string; readonly error: Error } | undefined;
  return {
    client: {
      ...client,
      async *pages(collection, query, discovery, signal) {
        for await (const page of client.pages(collection, query, discovery, signal)) {
          yield page;
          if (failing !== undefined && collection.pathname.endsWith(failing.path)) throw failing.error;
        }
      },
    },
    failAt: (path, error = new Error('the time is over')) => {
      failing = path === undefined ? undefined : { path, error };
    },
  };
}
