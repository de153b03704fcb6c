import type { FastifyInstance } from 'fastify';

/**
 * Which methods a path takes: needed for 405 answers, as Fastify itself answers 404 where only the method is
 * wrong. Looked up on such answers only, in time linear in the number of routes.
 */
export function createMethodFinder(app: FastifyInstance): (url: string) => readonly string[] {
  const routes = new Map<string, { readonly segments: readonly string[]; readonly methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    const route = routes.get(url) ?? { segments: url.split('/'), methods: new Set<string>() };
    for (const name of Array.isArray(method) ? method : [method]) route.methods.add(name);
    routes.set(url, route);
  });
  return (url) => {
    const path = url.split('?', 1)[0] ?? '';
    const segments = path.split('/');
    const found = new Set<string>();
    for (const route of routes.values()) {
      if (matches(route.segments, segments)) for (const method of route.methods) found.add(method);
    }
    return [...found].toSorted();
  };
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  for (const [index, part] of pattern.entries()) {
    if (part === '*') return path.length > index;
    const segment = path[index];
    if (segment === undefined || (part.startsWith(':') ? segment === '' : part !== segment)) return false;
  }
  return pattern.length === path.length;
}
