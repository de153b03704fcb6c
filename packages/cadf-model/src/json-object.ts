/** Builds JSON objects from names that came from outside: `__proto__` becomes a member like any other. */

export type MutableMembers = Record<string, unknown>;

export function setMember(object: MutableMembers, name: string, value: unknown): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}
