/** Variations of good events that a splitter cannot make use of, by name. Each text is a flat string of its own. */
export function hostileTexts(events: readonly string[]): Map<string, string[]> {
  const withMember = (event: string, member: string): string =>
    event.replace('"eventType"', () => `${member}, "eventType"`);
  const variants: [string, (event: string, i: number) => string][] = [
    ['new member name in the middle', (event, i) => withMember(event, `"k${i}": "x"`)],
    ['new member name at the end', (event, i) => `${event.slice(0, -1)}, "k${i}": 1}`],
    ['new member name at the start', (event, i) => `{"k${i}": 1, ${event.slice(1)}`],
    ['each structure twice', (event, i) => withMember(event, `"k${i >> 1}": "x"`)],
    ['5,000 structures in turn', (event, i) => withMember(event, `"k${i % 5000}": "x"`)],
    [
      'every second text a new structure',
      (event, i) => (i % 2 === 0 ? event : withMember(event, `"k${i}": "x"`)),
    ],
    ['end cut off', (event) => event.slice(0, -3)],
    ['tiny, each a new structure', (_, i) => `{"k${i}":1}`],
  ];
  return new Map(variants.map(([name, change]) => [name, events.map((event, i) => flat(change(event, i)))]));
}

/** As a decoder makes it: neither a slice nor a concatenation. */
export function flat(text: string): string {
  return Buffer.from(text).toString('latin1');
}
