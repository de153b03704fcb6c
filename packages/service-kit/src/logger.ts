import { pino } from 'pino';
import type { DestinationStream, Logger, LoggerOptions } from 'pino';

import { TOKEN_IN_TEXT } from './api-key.ts';
import type { Secret } from './secret.ts';

export interface LogSettings {
  /** Name of the service; on every line. */
  readonly name: string;
  /** `fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`. Default `info`. */
  readonly level?: string;
  /** Texts that must never appear, such as a configured key of a form of its own. */
  readonly secrets?: readonly Secret[];
  /** Default: standard output. */
  readonly destination?: DestinationStream;
}

const REDACTED = '[redacted]';
/** Links to files: whoever has the path needs nothing else. */
const SIGNED_PATH = /(\/signed\/[0-9]{1,12}\/)[A-Za-z0-9_-]{43}/g;

/** Fields that are never written, at the first three depths of a log object. */
const SECRET_FIELDS = [
  'authorization',
  'password',
  'secret',
  'token',
  'apiKey',
  'credential',
  'cookie',
  'body',
  '["x-auth-token"]',
  '["set-cookie"]',
];

/** What a request's log line needs; never headers or body. The query is left out: filters hold personal data. */
interface LoggedRequest {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly url?: unknown;
  readonly ip?: unknown;
}

/**
 * The structured log of a service: JSON lines with time as RFC 3339.
 *
 * Two fences keep secrets out: known fields are redacted wherever they stand in an object, and anything that
 * looks like one of our tokens or a bearer credential is blotted out of the finished line, also within
 * messages, URLs and stack traces.
 */
export function createLogger(settings: LogSettings): Logger {
  // As they stand in a line of JSON.
  const secrets = (settings.secrets ?? []).map((secret) => JSON.stringify(secret.reveal()).slice(1, -1));
  const options: LoggerOptions = {
    name: settings.name,
    level: settings.level ?? 'info',
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: SECRET_FIELDS.flatMap((field) => {
        const dotted = field.startsWith('[') ? field : `.${field}`;
        return [field, `*${dotted}`, `*.*${dotted}`];
      }),
      censor: REDACTED,
    },
    serializers: {
      err: pino.stdSerializers.err,
      req: (request: LoggedRequest) => ({
        id: request.id,
        method: request.method,
        path: typeof request.url === 'string' ? request.url.split('?', 1)[0] : undefined,
        remoteAddress: request.ip,
      }),
      res: (reply: { readonly statusCode?: unknown }) => ({ status: reply.statusCode }),
    },
    hooks: {
      streamWrite: (line) =>
        secrets.reduce((text, secret) => text.replaceAll(secret, REDACTED), withoutTokens(line)),
    },
  };
  return settings.destination === undefined ? pino(options) : pino(options, settings.destination);
}

/** Blots out tokens within a text. */
export function withoutTokens(text: string): string {
  return text
    .replace(TOKEN_IN_TEXT, REDACTED)
    .replace(SIGNED_PATH, `$1${REDACTED}`)
    .replace(/\bbearer [A-Za-z0-9._~+/=-]{8,}/gi, `Bearer ${REDACTED}`);
}
