/** Requests to the service and what it answers, with its refusals as sentences. */
import { ClientError, createRequester } from '@cadf-pipeline/client';
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { InputError } from '../input/input-error.ts';

export interface ServiceAccess {
  readonly url: string;
  readonly key: string;
}

export interface AskedService {
  /** Throws InputError for what the service refuses, and where it cannot be asked. */
  get<T extends TSchema>(path: string, schema: T): Promise<Static<T>>;
  post<T extends TSchema>(path: string, body: object, schema: T): Promise<Static<T>>;
}

/** What a service refuses; `code` is of docs/errors.md. */
export class ServiceRefused extends InputError {
  readonly code: string;

  constructor(error: ClientError) {
    super(`${error.code}: ${error.message}`, { cause: error });
    this.code = error.code;
  }
}

export function askService({ key, url }: ServiceAccess, signal: AbortSignal): AskedService {
  const requester = createRequester({ url, key });

  async function ask<T extends TSchema>(path: string, schema: T, body?: object): Promise<Static<T>> {
    try {
      const answer =
        body === undefined
          ? await requester.get(path, { signal }, (response): Promise<unknown> => response.json())
          : await (await send(path, body)).json();
      const checked = Compile(schema);
      if (checked.Check(answer)) return answer;
    } catch (error) {
      if (error instanceof ClientError) throw new ServiceRefused(error);
      if (!(error instanceof SyntaxError)) throw error;
    }
    throw new InputError(`what ${url} answers is not of this interface: check --url`);
  }

  function send(path: string, body: object): Promise<Response> {
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    return requester.send(path, { method: 'POST', headers, body: JSON.stringify(body), signal });
  }

  return {
    get: (path, schema) => ask(path, schema),
    post: (path, body, schema) => ask(path, schema, body),
  };
}
