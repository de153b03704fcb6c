/** What the caller of `cadf wbem` gives: addresses and files with secrets, checked. */
import { readFile } from 'node:fs/promises';
import { Secret } from '@cadf-pipeline/service-kit';
import type { WbemConnection } from './http-post.ts';
import { WbemFailure } from './wbem-failure.ts';

export interface ConnectionOptions {
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly passwordFile?: string | undefined;
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly insecure: boolean;
  /** Seconds. */
  readonly timeout: number;
}

const MAX_FILE_BYTES = 1024 * 1024;
const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'https:': '5989', 'http:': '5988' };

/** Throws WbemFailure `WBEM_SETTING`. */
export async function readConnection(server: string, options: ConnectionOptions): Promise<WbemConnection> {
  const url = serverUrl(server);
  const { user, cert, key, ca } = options;
  const password = options.passwordFile === undefined ? options.password : await lineOf(options.passwordFile);
  if (user !== undefined && password === undefined)
    throw setting(
      '--user needs a password: put it into CADF_WBEM_PASSWORD or into a file named by --password-file.',
    );
  if (user === undefined && options.passwordFile !== undefined)
    throw setting('--password-file needs --user.');
  if (user?.includes(':') === true) throw setting('--user cannot have a colon: HTTP has no way to send it.');
  if ((cert === undefined) !== (key === undefined))
    throw setting('--cert and --key belong together: name both.');
  return {
    server: url,
    isInsecure: options.insecure,
    timeoutMs: options.timeout * 1000,
    ...(user === undefined || password === undefined
      ? {}
      : { user: { name: user, password: new Secret(password) } }),
    ...(ca === undefined ? {} : { authorities: await pemOf(ca) }),
    ...(cert === undefined || key === undefined
      ? {}
      : { certificate: { certificate: await pemOf(cert), key: new Secret(await pemOf(key)) } }),
  };
}

/** `cim.example`, `cim.example:5989` or a URL; https unless it says http. Throws WbemFailure `WBEM_SETTING`. */
function serverUrl(text: string): URL {
  const url = parse(text.includes('://') ? text : `https://${text}`, 'The server');
  if (url.username !== '' || url.password !== '')
    throw setting('The server’s URL holds a user or a password: give them by --user and CADF_WBEM_PASSWORD.');
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    throw setting(`The server's URL goes on after host and port. Leave out ${url.pathname}.`);
  // A URL does not tell :443 from no port at all.
  if (url.port === '' && !/:\d+\/?$/.test(text)) url.port = DEFAULT_PORTS[url.protocol] ?? '';
  return url;
}

export interface ListenerOptions {
  readonly listener: string;
  readonly listenerUser?: string | undefined;
  readonly listenerPassword?: string | undefined;
  readonly listenerPasswordFile?: string | undefined;
}

/**
 * The URL that indications are to go to. CIM servers have no other place for the user and the password that they show
 * there than the URL (RFC 3986 3.2.1). Throws WbemFailure `WBEM_SETTING`.
 */
export async function listenerUrl(options: ListenerOptions): Promise<string> {
  const { listener, listenerUser: user, listenerPasswordFile: file } = options;
  const url = parse(listener, 'The listener');
  if (url.username !== '' || url.password !== '')
    throw setting(
      'The listener’s URL holds a user or a password: give them by --listener-user and CADF_WBEM_LISTENER_PASSWORD.',
    );
  if (url.hash !== '') throw setting('The listener’s URL has a fragment (#), which is never sent.');
  const password = file === undefined ? options.listenerPassword : await lineOf(file);
  if (user === undefined) {
    if (file !== undefined) throw setting('--listener-password-file needs --listener-user.');
    return listener;
  }
  if (password === undefined)
    throw setting(
      '--listener-user needs a password: put it into CADF_WBEM_LISTENER_PASSWORD or into a file named by --listener-password-file.',
    );
  const start = listener.indexOf('://') + '://'.length;
  const shown = [user, password].map((text) => encodeURIComponent(text)).join(':');
  return `${listener.slice(0, start)}${shown}@${listener.slice(start)}`;
}

function parse(text: string, what: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '')
    throw setting(`${what} must be an http:// or https:// URL: ${text.slice(0, 200)} is none.`);
  return url;
}

async function lineOf(path: string): Promise<string> {
  const text = (await contentOf(path)).split(/\r?\n/, 1)[0] ?? '';
  if (text === '') throw setting(`${path} holds no password in its first line.`);
  return text;
}

async function pemOf(path: string): Promise<string> {
  const text = await contentOf(path);
  if (!text.includes('-----BEGIN ')) throw setting(`${path} is no PEM file.`);
  return text;
}

async function contentOf(path: string): Promise<string> {
  let content: Buffer;
  try {
    content = await readFile(path);
  } catch (error) {
    throw setting(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (content.length > MAX_FILE_BYTES) throw setting(`${path} is larger than ${MAX_FILE_BYTES} bytes.`);
  return content.toString('utf8');
}

function setting(message: string): WbemFailure {
  return new WbemFailure('WBEM_SETTING', message);
}
