/** Places of members in JSON texts, so that one can be replaced and every other byte stays. The texts are valid JSON. */

/** From the first character of a value to the one after its last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where an object's own member of that name has its value; of several the last, as JSON.parse has it. */
export function memberSpan(text: string, name: string): Span | undefined {
  let found: Span | undefined;
  let at = skipBlanks(text, 0) + 1;
  for (;;) {
    at = skipBlanks(text, at);
    if (text[at] !== '"') return found;
    const keyEnd = valueEnd(text, at);
    const key: unknown = JSON.parse(text.slice(at, keyEnd));
    const start = skipBlanks(text, skipBlanks(text, keyEnd) + 1);
    const end = valueEnd(text, start);
    if (key === name) found = { start, end };
    at = skipBlanks(text, end);
    if (text[at] !== ',') return found;
    at += 1;
  }
}

/** The texts of an array's elements. `span` is that of the array. */
export function elementTexts(text: string, span: Span): string[] {
  const elements: string[] = [];
  let at = skipBlanks(text, span.start + 1);
  while (at < span.end && text[at] !== ']') {
    const end = valueEnd(text, at);
    elements.push(text.slice(at, end));
    at = skipBlanks(text, end);
    if (text[at] === ',') at = skipBlanks(text, at + 1);
  }
  return elements;
}

/** The object's text with a member set to a value; put at the end where there was none. */
export function setMember(text: string, name: string, value: string): string {
  const span = memberSpan(text, name);
  if (span !== undefined) return text.slice(0, span.start) + value + text.slice(span.end);
  const close = text.lastIndexOf('}');
  const body = text.slice(0, close);
  return `${body}${body.trimEnd().endsWith('{') ? '' : ','}${JSON.stringify(name)}:${value}${text.slice(close)}`;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 9 && code !== 10 && code !== 13) return at;
    at += 1;
  }
}

function valueEnd(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return stringEnd(text, start);
  if (first === '{' || first === '[') return containerEnd(text, start);
  let at = start;
  while (at < text.length && !',]} \t\r\n'.includes(text.charAt(at))) at += 1;
  return at;
}

function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 34) return at + 1;
    at += code === 92 ? 2 : 1;
  }
  return at;
}

function containerEnd(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const char = text[at];
    if (char === '"') {
      at = stringEnd(text, at);
      continue;
    }
    at += 1;
    if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return at;
}
