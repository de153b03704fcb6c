/** The data of server-sent events, as the journal's gateway sends entries (WHATWG HTML, 9.2.6). */
import type { BodyText } from './body-text.ts';

const DATA = 'data:';

/** Whether a text begins with an event whose data is JSON. */
export function isEventStream(start: string): boolean {
  return /^data: ?[{[]/.test(start);
}

/** The data alone, an event per line: its lines are joined by a line feed, comments and other fields are left out. */
export function dataOfEventStream({ text }: BodyText): BodyText {
  const parts: string[] = [];
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const next = newline < 0 ? text.length : newline;
    if (text.startsWith(DATA, start)) {
      const from =
        text.charCodeAt(start + DATA.length) === 32 ? start + DATA.length + 1 : start + DATA.length;
      parts.push(text.slice(from, next));
    }
    start = next + 1;
  }
  return { text: parts.join('\n'), bytesOf: () => undefined };
}
