/** Requests of the AWS SDK over guarded connections, in the place of its own handler, which would connect to anything. */
import { Readable } from 'node:stream';
import { ADDRESS_REFUSED, codeOf, createGuardedAgent, explainFault } from '@cadf-pipeline/guarded-http';
import { HttpResponse, buildQueryString } from '@smithy/core/protocols';
import type { HttpHandler } from '@smithy/core/protocols';
import { FilePlaceError } from '../file-place-error.ts';
import type { BucketPlaceOptions } from './bucket-options.ts';

/** Of what the SDK takes into memory: pages of lists, errors. A page has 1,000 names of at most 1,024 bytes, escaped. */
const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;
const WORDS = { peer: 'bucket', entered: 'the endpoint or the region of the bucket' };

/** No answer came. Tried again by the SDK where it may succeed later. */
class NoAnswer extends FilePlaceError {
  readonly $retryable?: { readonly throttling: false };

  constructor(error: unknown, url: URL) {
    const refused = codeOf(error) === ADDRESS_REFUSED;
    super(refused ? 'refused' : 'unreachable', explainFault(error, url, WORDS), { cause: error });
    if (!refused) this.$retryable = { throttling: false };
  }
}

export function createGuardedHandler(options: BucketPlaceOptions): HttpHandler<Record<string, never>> {
  const agent = createGuardedAgent(options);
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request, { abortSignal } = {}) {
      const { protocol, hostname, port, headers, method } = request;
      const origin = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`);
      const query = buildQueryString(request.query);
      const signal = abortSignal instanceof AbortSignal ? abortSignal : undefined;
      try {
        const answer = await agent.request({
          origin: origin.origin,
          path: query === '' ? request.path : `${request.path}?${query}`,
          method: methodOf(method),
          headers: { 'accept-encoding': 'identity', ...headers },
          body: bodyOf(request.body),
          ...(signal === undefined ? {} : { signal }),
        });
        const isFile = request.query['x-id'] === 'GetObject' && answer.statusCode < 300;
        const body = listened(answer.body);
        return {
          response: new HttpResponse({
            statusCode: answer.statusCode,
            headers: Object.fromEntries(
              Object.entries(answer.headers).flatMap(([name, value]) =>
                value === undefined ? [] : [[name, typeof value === 'string' ? value : value.join(', ')]],
              ),
            ),
            body: isFile ? body : listened(Readable.from(bounded(body), { objectMode: false })),
          }),
        };
      } catch (error) {
        if (signal?.aborted === true) throw error;
        throw new NoAnswer(error, origin);
      }
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => void agent.destroy(),
  };
}

/** Ended early, a stream has an error, which would end the process without a listener. */
function listened(stream: Readable): Readable {
  return stream.on('error', () => undefined);
}

async function* bounded(body: Readable): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const part of body) {
    if (!Buffer.isBuffer(part)) continue;
    bytes += part.length;
    if (bytes > MAX_DOCUMENT_BYTES)
      throw new FilePlaceError(
        'failed',
        `The bucket answered with more than ${MAX_DOCUMENT_BYTES} bytes of XML.`,
      );
    yield part;
  }
}

type Method = 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';

function methodOf(method: string): Method {
  if (method === 'GET' || method === 'HEAD' || method === 'PUT' || method === 'POST' || method === 'DELETE')
    return method;
  throw new TypeError(`no request to a bucket has the method ${method}`);
}

function bodyOf(body: unknown): Uint8Array | string | Readable | null {
  if (body === undefined || body === null) return null;
  if (body instanceof Uint8Array || typeof body === 'string' || body instanceof Readable) return body;
  throw new TypeError('no request to a bucket has such a body');
}
