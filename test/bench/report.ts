/** Prints figures with their question, unit and method. */

export interface Figure {
  readonly question: string;
  readonly value: number | string;
  readonly unit: string;
}

export function printSection(title: string, method: string, figures: readonly Figure[]): void {
  console.log(`\n## ${title}\n\n${method}\n`);
  const width = Math.max(...figures.map(({ question }) => question.length));
  for (const { question, value, unit } of figures) {
    const text = typeof value === 'number' ? format(value) : value;
    console.log(`${question.padEnd(width)}  ${text.padStart(12)} ${unit}`);
  }
}

function format(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(3);
}
