/** Under which address this server is being talked to, for links in answers. */
import type { FastifyRequest } from 'fastify';

const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;

/**
 * Such as `https://audit.example:8443`; '' where it is not known. The host is the caller's own word, given back to that
 * caller alone (answers are not stored by caches) and used for nothing else; one that is no host name is left out.
 */
export function ownOrigin({ host, protocol }: FastifyRequest): string {
  return HOST.test(host) ? `${protocol}://${host}` : '';
}
