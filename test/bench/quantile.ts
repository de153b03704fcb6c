/** The value below which this share (0 to 1) of the numbers lies; they are sorted in place. 0 of none. */
export function quantile(numbers: number[], share: number): number {
  numbers.sort((a, b) => a - b);
  return numbers[Math.min(numbers.length - 1, Math.floor(numbers.length * share))] ?? 0;
}
