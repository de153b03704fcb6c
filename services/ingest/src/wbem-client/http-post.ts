/** One POST to a CIM server, bounded in time and size (DSP0200 7). Follows no redirects; certificates are checked unless told otherwise. */
import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Secret } from '@cadf-pipeline/service-kit';
import { WbemFailure } from './wbem-failure.ts';

export interface WbemConnection {
  /** Origin of the server, `http:` or `https:`, with its port. */
  readonly server: URL;
  readonly user?: { readonly name: string; readonly password: Secret };
  /** PEM of the authorities to trust; those of the system unless told. */
  readonly authorities?: string;
  /** PEM of a client certificate and its key. */
  readonly certificate?: { readonly certificate: string; readonly key: Secret };
  /** Whether any certificate will do, and a password may go over plain HTTP. */
  readonly isInsecure: boolean;
  /** From the call to the answer's last byte. */
  readonly timeoutMs: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** Throws WbemFailure: `WBEM_UNREACHABLE`, `WBEM_TLS`, `WBEM_TIMEOUT`, `WBEM_ANSWER`. */
export async function post(
  connection: WbemConnection,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<HttpAnswer> {
  const late = AbortSignal.timeout(connection.timeoutMs);
  try {
    const response = await send(connection, headers, Buffer.from(body, 'utf8'), late);
    const text = await readBody(response);
    return { status: response.statusCode ?? 0, headers: response.headers, text };
  } catch (error) {
    if (error instanceof WbemFailure) throw error;
    if (late.aborted)
      throw new WbemFailure(
        'WBEM_TIMEOUT',
        `${connection.server.host} did not answer within ${connection.timeoutMs / 1000} s. Check the address and port, or give it longer with --timeout.`,
      );
    throw toFailure(connection.server, error);
  }
}

function send(
  { server, user, authorities, certificate, isInsecure }: WbemConnection,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options = {
      method: 'POST',
      signal,
      headers: {
        ...headers,
        'content-type': 'application/xml; charset="utf-8"',
        'content-length': body.length,
        accept: 'application/xml, text/xml',
        ...(user === undefined
          ? {}
          : {
              authorization: `Basic ${Buffer.from(`${user.name}:${user.password.reveal()}`).toString('base64')}`,
            }),
      },
    };
    const url = new URL('/cimom', server);
    const request =
      server.protocol === 'https:'
        ? httpsRequest(url, {
            ...options,
            agent: false,
            rejectUnauthorized: !isInsecure,
            ...(authorities === undefined ? {} : { ca: authorities }),
            ...(certificate === undefined
              ? {}
              : { cert: certificate.certificate, key: certificate.key.reveal() }),
          })
        : httpRequest(url, { ...options, agent: false });
    request.once('response', resolve);
    request.on('error', reject);
    request.end(body);
  });
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop destroys the response, and its connection with it.
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES)
      throw new WbemFailure('WBEM_ANSWER', `The server answers with more than ${MAX_ANSWER_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function toFailure(server: URL, error: unknown): WbemFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const said = error instanceof Error ? error.message : String(error);
  const advice = tlsAdvice(code);
  if (advice !== undefined)
    return new WbemFailure('WBEM_TLS', `No secure connection to ${server.host} (${said.trim()}). ${advice}`, {
      cause: error,
    });
  const hint = reachAdvice[code] ?? 'Check the address and port, and that the CIM server runs.';
  return new WbemFailure('WBEM_UNREACHABLE', `${server.host} cannot be reached (${said || code}). ${hint}`, {
    cause: error,
  });
}

const reachAdvice: Readonly<Record<string, string>> = {
  ENOTFOUND: 'There is no such host name.',
  ECONNRESET:
    'It closed the connection: a port of TLS that is spoken to as http://, or a server that wants a client certificate (--cert, --key).',
  HPE_INVALID_CONSTANT:
    'It does not speak HTTP: name the port of the CIM server, and https:// if it has TLS.',
};

/** Undefined where the error is none of TLS. */
function tlsAdvice(code: string): string | undefined {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return 'The certificate is for another name: use the name that it has.';
  if (code === 'CERT_HAS_EXPIRED') return 'The certificate of the server has expired: let it be renewed.';
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'EPROTO')
    return 'The port may be one of plain HTTP (http://, usually 5988), or the server allows only versions of TLS that are too old.';
  if (/^(?:DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|CERT_|ERR_TLS_|ERR_SSL_|ERR_OSSL_)/.test(code))
    return 'Name the authority that signed its certificate with --ca, a client certificate with --cert and --key if it wants one, or accept any certificate with --insecure.';
  return undefined;
}
