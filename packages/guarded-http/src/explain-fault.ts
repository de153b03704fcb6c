/** Why a request got no answer, for whoever entered the URL: what went wrong and how to mend it. */
import { errors } from 'undici';
import { ADDRESS_REFUSED } from './address-rules.ts';

export interface FaultWords {
  /** What answers, as a noun without an article: `receiver`. */
  readonly peer: string;
  /** What to correct where it is wrong: `the url of the subscription`. */
  readonly entered: string;
}

/** One sentence. `url`: where it was sent. */
export function explainFault(error: unknown, url: URL, { peer, entered }: FaultWords): string {
  const code = codeOf(error);
  const host = url.hostname;
  switch (code) {
    case ADDRESS_REFUSED:
      return `The address of the ${peer} is refused: ${messageOf(error)}`;
    case 'ENOTFOUND':
    case 'ENODATA':
      return `The name ${host} is not known: correct ${entered}.`;
    case 'EAI_AGAIN':
    case 'ETIMEOUT':
    case 'ECANCELLED':
    case 'ESERVFAIL':
      return `The name ${host} could not be looked up for now (${code}): look at its name servers.`;
    case 'ECONNREFUSED':
      return `Nothing listens at ${url.host}: start the ${peer}, or correct ${entered}.`;
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
      return `There is no way to ${url.host} (${code}): look at its address and its firewall.`;
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return `No connection to ${url.host} came about in time: look at its address and its firewall.`;
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return `The ${peer} said nothing for too long.`;
    case 'UND_ERR_SOCKET':
    case 'ECONNRESET':
    case 'EPIPE':
      return `The ${peer} closed the connection before it answered.`;
    case 'UND_ERR_HEADERS_OVERFLOW':
      return 'The headers of the answer are larger than 16 KiB.';
    default:
      break;
  }
  if (isCertificateFault(code))
    return `The certificate of ${host} is not trusted (${code}): it has to be valid, for this name, and issued by a known authority.`;
  if (code.startsWith('ERR_SSL') || code === 'EPROTO')
    return `${url.host} does not speak TLS as needed (${code}): TLS 1.2 or later is asked for.`;
  if (error instanceof errors.HTTPParserError)
    return `What ${url.host} answered is not HTTP/1.1: ${messageOf(error)}`;
  return `The request failed${code === '' ? '' : ` (${code})`}: ${messageOf(error)}`;
}

/** The connection ended before an answer came, through no fault that would happen again by itself. */
export function isBrokenConnection(error: unknown): boolean {
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(codeOf(error));
}

/** No connection stood, so nothing was sent: no name, no way, or no trust. */
export function isBeforeConnection(error: unknown): boolean {
  const code = codeOf(error);
  return UNREACHED.has(code) || isCertificateFault(code) || code.startsWith('ERR_SSL') || code === 'EPROTO';
}

const UNREACHED: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'ENODATA',
  'EAI_AGAIN',
  'ETIMEOUT',
  'ECANCELLED',
  'ESERVFAIL',
  'ECONNREFUSED',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Of Node.js (`ERR_TLS_…`) and of X.509 verification in OpenSSL. */
function isCertificateFault(code: string): boolean {
  return (
    code.startsWith('ERR_TLS_CERT') ||
    code.includes('_CERT') ||
    code.startsWith('CERT_') ||
    code.startsWith('UNABLE_TO_') ||
    code === 'HOSTNAME_MISMATCH' ||
    code === 'INVALID_CA' ||
    code === 'INVALID_PURPOSE'
  );
}

/** The `code` of an error of Node.js or undici; empty where it has none. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if (error instanceof AggregateError && !('code' in error)) return codeOf(error.errors[0]);
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 400);
}
