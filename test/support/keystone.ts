/** A Keystone to test with: `POST` and `GET /v3/auth/tokens` as the Identity API v3 has them, over HTTP or HTTPS, with faults. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';

/** A token that Keystone has issued. */
export interface IssuedToken {
  readonly userId: string;
  readonly roles: readonly string[];
  readonly project?: { readonly id: string; readonly name?: string; readonly domainName?: string };
  readonly domain?: { readonly id: string };
  /** Milliseconds since 1970 UTC; default an hour from now. */
  readonly expiresMs?: number;
}

/** What it does instead of answering. */
export type KeystoneFault = 'close' | 'hang' | 'error' | 'garbage' | 'redirect' | 'flood' | 'forbid' | 'odd';

export interface TestKeystone {
  /** Ends in `/v3`. */
  readonly url: string;
  /** `<method> <subject token>` of each question, in order. */
  readonly asked: readonly string[];
  /** Issues or replaces a token. */
  issue(token: string, about: IssuedToken): void;
  revoke(token: string): void;
  /** The service's own tokens end at once. */
  endServiceTokens(): void;
  /** Undefined: it answers again. */
  fault: KeystoneFault | undefined;
  close(): Promise<void>;
}

export interface TestKeystoneOptions {
  /** The service user; undefined: every token may be asked about by itself. */
  readonly user?: { readonly name: string; readonly password: string };
  readonly tls?: { readonly cert: string; readonly key: string };
}

export async function startKeystone({ tls, user }: TestKeystoneOptions = {}): Promise<TestKeystone> {
  const issued = new Map<string, IssuedToken>();
  const serviceTokens = new Set<string>();
  const asked: string[] = [];
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const subject = String(request.headers['x-subject-token'] ?? '');
    asked.push(`${request.method} ${subject}`.trim());
    if (keystone.fault !== undefined) return misbehave(keystone.fault, request, response);
    if (request.url !== '/v3/auth/tokens?nocatalog') return void response.writeHead(404).end();
    if (request.method === 'POST') {
      const answer = (body: Awaited<ReturnType<typeof read>>): void => {
        const { name, password, domain } = Object(Object(Object(body.auth).identity).password).user ?? {};
        if (
          user === undefined ||
          name !== user.name ||
          password !== user.password ||
          domain?.name !== 'Default'
        )
          return send(response, 401, { error: { code: 401, message: 'Unauthorized' } });
        const token = randomBytes(8).toString('hex');
        serviceTokens.add(token);
        return send(response, 201, { token: described({ userId: 'service', roles: ['service'] }) }, token);
      };
      // Who broke off is not answered.
      void read(request).then(answer, () => response.destroy());
      return;
    }
    const asker = String(request.headers['x-auth-token'] ?? '');
    const isKnown = user === undefined ? isValid(issued.get(asker)) : serviceTokens.has(asker);
    if (!isKnown) return send(response, 401, { error: { code: 401, message: 'Unauthorized' } });
    const about = issued.get(subject);
    if (about === undefined || !isValid(about))
      return send(response, 404, { error: { code: 404, message: `Could not find token: ${subject}` } });
    send(response, 200, { token: described(about) }, subject);
  };
  const server = tls === undefined ? createServer(handle) : createTlsServer(tls, handle);
  await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
  const { port } = server.address() as AddressInfo;
  const keystone: TestKeystone = {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/v3`,
    asked,
    fault: undefined,
    issue: (token, about) => void issued.set(token, about),
    revoke: (token) => void issued.delete(token),
    endServiceTokens: () => serviceTokens.clear(),
    async close() {
      server.closeAllConnections();
      await new Promise((down) => server.close(down));
    },
  };
  return keystone;
}

function isValid(token: IssuedToken | undefined): boolean {
  return token !== undefined && (token.expiresMs ?? Infinity) > Date.now();
}

function described({
  domain,
  expiresMs = Date.now() + 3_600_000,
  project,
  roles,
  userId,
}: IssuedToken): object {
  return {
    methods: ['password'],
    user: {
      id: userId,
      name: `name of ${userId}`,
      domain: { id: 'default', name: 'Default' },
      password_expires_at: null,
    },
    audit_ids: ['Nx5AlE0YTgyTgPEiTEQUOA'],
    issued_at: new Date().toISOString().replace('Z', '000Z'),
    expires_at: new Date(expiresMs).toISOString().replace('Z', '000Z'),
    roles: roles.map((name) => ({ id: `id-${name}`, name })),
    ...(project === undefined
      ? {}
      : {
          project: {
            id: project.id,
            name: project.name ?? `name of ${project.id}`,
            domain: { id: 'default', name: project.domainName ?? 'Default' },
          },
        }),
    ...(domain === undefined ? {} : { domain: { id: domain.id, name: `name of ${domain.id}` } }),
  };
}

function misbehave(fault: KeystoneFault, request: IncomingMessage, response: ServerResponse): void {
  switch (fault) {
    case 'close':
      request.socket.destroy();
      return;
    case 'hang':
      return;
    case 'error':
      send(response, 500, { error: { code: 500 } });
      return;
    case 'forbid':
      send(response, 403, { error: { code: 403 } });
      return;
    case 'garbage':
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"token":');
      return;
    case 'odd':
      send(response, 200, { token: { user: { id: 'u', name: 'u' }, roles: [{ name: 'cluster_viewer' }] } });
      return;
    case 'redirect':
      response.writeHead(302, { location: 'http://127.0.0.1:1/v3/auth/tokens' }).end();
      return;
    case 'flood':
      response.writeHead(200);
      response.on('error', () => {});
      response.write(Buffer.alloc(4 * 1024 * 1024, ' '));
      return;
  }
}

function send(response: ServerResponse, status: number, body: object, token?: string): void {
  response
    .writeHead(status, {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { 'x-subject-token': token }),
    })
    .end(JSON.stringify(body));
}

async function read(request: IncomingMessage): Promise<{ readonly auth?: unknown }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString()) as { auth?: unknown };
}
