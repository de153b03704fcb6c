/** Where a list goes on and where it came from. */
import type { FastifyRequest } from 'fastify';
import { ownOrigin } from '../own-origin.ts';
import type { PageWindow } from './page-window.ts';

export interface PageLinks {
  readonly next?: string;
  readonly previous?: string;
}

/** All parameters of the request, with another `offset`. */
export function pageLinks(request: FastifyRequest, { offset, limit }: PageWindow, total: number): PageLinks {
  const at = (place: number): string => linkTo(request, place);
  return {
    ...(offset + limit < total ? { next: at(offset + limit) } : {}),
    ...(offset > 0 ? { previous: at(Math.max(0, offset - limit)) } : {}),
  };
}

function linkTo(request: FastifyRequest, offset: number): string {
  const question = request.url.indexOf('?');
  const parameters = new URLSearchParams(question < 0 ? '' : request.url.slice(question + 1));
  parameters.set('offset', String(offset));
  parameters.sort();
  const path = question < 0 ? request.url : request.url.slice(0, question);
  return `${ownOrigin(request)}${path}?${parameters}`;
}
