/**
 * The name of an operation for client generators: the method and the words of the path, in camel case.
 * `GET /cadf/v1/events/:id` is `getEventsById`. Stable as long as the path is.
 */
export function operationIdOf(method: string, path: string): string {
  const words = path
    .replace(/^\/cadf\/v1(?=\/)/, '')
    .split('/')
    .filter((part) => part !== '')
    .map((part) => part.replace(/^:(.*)$|^\{(.*)\}$/, (_match, named, braced) => `by-${named ?? braced}`))
    .flatMap((part) => part.split(/[^A-Za-z0-9]+/))
    .filter((word) => word !== '')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return method.toLowerCase() + (words.length === 0 ? 'Root' : words.join(''));
}
