/** Connections of undici to any host that the rules allow, all of it bounded. */
import { Agent } from 'undici';
import { createGuardedConnector } from './guarded-connector.ts';
import type { AddressRules } from './address-rules.ts';
import type { ResolveName } from './resolve-name.ts';

export interface GuardedAgentOptions {
  readonly rules: AddressRules;
  /** Certificates (PEM) that are trusted in the place of the system's. */
  readonly ca?: string;
  /** Connections to one origin at a time; default 8. */
  readonly connections?: number;
  /** Milliseconds until a connection stands; default 10,000. */
  readonly connectTimeoutMs?: number;
  /** Milliseconds without a byte, before an answer and within it; default 60,000. */
  readonly idleTimeoutMs?: number;
  /** For tests; default: the resolver of the system. */
  readonly resolve?: ResolveName;
}

const MAX_HEADER_BYTES = 16 * 1024;
const CONNECTIONS = 8;
const CONNECT_TIMEOUT_MS = 10_000;
const IDLE_TIMEOUT_MS = 60_000;
/** A connection nobody uses is closed after this: before most servers do it. */
const KEEP_ALIVE_MS = 4000;

/** HTTP/1.1, one request at a time on a connection; no redirects, no proxies of the environment, no cookies. */
export function createGuardedAgent(options: GuardedAgentOptions): Agent {
  const { idleTimeoutMs = IDLE_TIMEOUT_MS } = options;
  return new Agent({
    connect: createGuardedConnector({
      ...options,
      timeoutMs: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    }),
    connections: options.connections ?? CONNECTIONS,
    pipelining: 1,
    allowH2: false,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: idleTimeoutMs,
    bodyTimeout: idleTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
  });
}
