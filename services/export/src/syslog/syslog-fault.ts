/** Why a syslog receiver did not take a batch, for the owner of the subscription: what went wrong and how to mend it. */
import { AddressRefused } from '@cadf-pipeline/guarded-http';

/** One sentence. `receiver`: host and port. */
export function explainSyslogFault(error: unknown, receiver: string): string {
  if (error instanceof AddressRefused) return `The address of the receiver is refused: ${error.message}`;
  const code = codeOf(error);
  const words = wordsOf(error);
  switch (code) {
    case 'ENOTFOUND':
    case 'ENODATA':
      return `The name of ${receiver} is not known: correct the host of the subscription.`;
    case 'EAI_AGAIN':
      return `The name of ${receiver} could not be looked up for now: look at its name servers.`;
    case 'ECONNREFUSED':
      return `Nothing listens at ${receiver}: start the receiver, or correct host and port of the subscription.`;
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'ETIMEDOUT':
      return `No connection to ${receiver} came about (${code}): look at its address and its firewall.`;
    case 'ECONNRESET':
    case 'EPIPE':
      return `${receiver} closed the connection (${code}): see what its log says of it.`;
    default:
      break;
  }
  if (/CERT|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|SELF_SIGNED/.test(code))
    return `The certificate of ${receiver} is not trusted (${code}): it has to be valid, for this name, and issued by the authority of the subscription or a known one.`;
  if (code.startsWith('ERR_SSL') || code === 'EPROTO')
    return `${receiver} does not speak TLS as needed (${code}): TLS 1.2 or later is asked for, and no certificate of the sender can be shown.`;
  return `${receiver} did not take the batch: ${words}.`;
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError && !('code' in error && error.code !== undefined))
    return codeOf(error.errors[0]);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function wordsOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 300).replace(/\.$/, '');
}
