/** Throws RangeError for an argument that is no whole number from 1 to `most`. */
export function requireWithin(name: string, value: number, most: number): void {
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new RangeError(`${name} must be 1 to ${most}, not ${value}`);
}
