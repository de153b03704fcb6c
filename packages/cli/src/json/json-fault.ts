/**
 * Says where a text stops being JSON (RFC 8259) and what was expected there. JSON.parse tells whether, but the place
 * only sometimes and only within its message.
 */
export interface JsonFault {
  /** Index of the first character that cannot be. The text's length when it ends too early. */
  readonly offset: number;
  readonly message: string;
  readonly hint: string;
}

/** The first fault of a text; undefined when it is JSON. Linear, and does not recurse. */
export function jsonFault(text: string): JsonFault | undefined {
  /** What is open around the place: `{` or `[`. */
  const open: ('{' | '[')[] = [];
  let at = skipBlanks(text, 0);
  for (;;) {
    // A value is due here.
    const first = text[at];
    if (first === '{') {
      at = skipBlanks(text, at + 1);
      if (text[at] !== '}') {
        open.push('{');
        const name = memberName(text, at);
        if (typeof name !== 'number') return name;
        at = name;
        continue;
      }
      at++;
    } else if (first === '[') {
      at = skipBlanks(text, at + 1);
      if (text[at] !== ']') {
        open.push('[');
        continue;
      }
      at++;
    } else {
      const end = first === '"' ? stringEnd(text, at) : tokenEnd(text, at);
      if (typeof end !== 'number') return end;
      at = end;
    }
    // A value has ended: what is around it ends or goes on.
    for (;;) {
      at = skipBlanks(text, at);
      const around = open.at(-1);
      if (around === undefined) return at === text.length ? undefined : afterTheEnd(at);
      if (text[at] === ',') break;
      if (text[at] !== (around === '{' ? '}' : ']')) return notSeparated(text, at, around);
      open.pop();
      at++;
    }
    const comma = at;
    at = skipBlanks(text, at + 1);
    if (text[at] === '}' || text[at] === ']') return trailingComma(comma);
    if (open.at(-1) === '{') {
      const name = memberName(text, at);
      if (typeof name !== 'number') return name;
      at = name;
    }
  }
}

/** Index of the value of the member whose name begins at `at`. */
function memberName(text: string, at: number): number | JsonFault {
  if (at >= text.length) return tooEarly(text);
  if (text[at] !== '"') {
    return fault(
      at,
      'a member name in double quotes should be here',
      'write names as "name", in double quotes',
    );
  }
  const end = stringEnd(text, at);
  if (typeof end !== 'number') return end;
  const colon = skipBlanks(text, end);
  if (colon >= text.length) return tooEarly(text);
  if (text[colon] !== ':') return fault(colon, 'a colon should be here', 'write members as "name": value');
  return skipBlanks(text, colon + 1);
}

/** Index after the string that begins at `start`. */
function stringEnd(text: string, start: number): number | JsonFault {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20) {
      return code === 0x0a || code === 0x0d
        ? fault(
            at,
            'the line ends inside a string',
            'close the string with a double quote, or write the line end as \\n',
          )
        : fault(
            at,
            'there is a bare control character in a string',
            'write control characters as \\u and four hex digits',
          );
    }
    if (code !== 0x5c) continue;
    escapeForm.lastIndex = at;
    const escape = escapeForm.exec(text);
    if (escape === null) {
      if (at + 1 >= text.length) return tooEarly(text);
      return fault(
        at,
        'a backslash is followed by what it cannot be',
        'after a backslash only " \\ / b f n r t or u and four hex digits can be; write a backslash itself as \\\\',
      );
    }
    at += escape[0].length - 1;
  }
  return tooEarly(text);
}

const escapeForm = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const numberForm = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
/** What others write in place of JSON's words; only ever compared with a few characters. */
const wordForm = /[A-Za-z_+-]{1,12}/y;

/** Index after the number or word that begins at `at`. */
function tokenEnd(text: string, at: number): number | JsonFault {
  if (at >= text.length) return tooEarly(text);
  for (const word of ['true', 'false', 'null']) if (text.startsWith(word, at)) return at + word.length;
  numberForm.lastIndex = at;
  const number = numberForm.exec(text);
  if (number !== null) {
    const end = at + number[0].length;
    return /[0-9.]/.test(text.charAt(end))
      ? fault(
          end,
          'the number goes on in a way that numbers cannot',
          'write numbers without leading zeros, with digits on both sides of the point',
        )
      : end;
  }
  if (text[at] === "'") return fault(at, 'there is a single quote', 'write strings in double quotes');
  wordForm.lastIndex = at;
  const word = wordForm.exec(text)?.[0];
  if (word !== undefined && /^(?:True|False|None)$/.test(word)) {
    return fault(at, `${word} is Python, not JSON`, 'write true, false, null; json.dumps of Python does');
  }
  if (word !== undefined && /^[+-]?(?:NaN|Infinity|inf|nan)$/.test(word)) {
    return fault(at, 'JSON has no such number', 'leave the member out, or write a number');
  }
  return fault(at, 'a value should be here', 'write a string, number, object, list, true, false or null');
}

function notSeparated(text: string, at: number, around: '{' | '['): JsonFault {
  if (at >= text.length) return tooEarly(text);
  return around === '{'
    ? fault(
        at,
        'a comma or a closing brace should be here',
        'separate members by commas and close the object with }',
      )
    : fault(
        at,
        'a comma or a closing bracket should be here',
        'separate elements by commas and close the list with ]',
      );
}

function trailingComma(comma: number): JsonFault {
  return fault(comma, 'there is a comma with nothing after it', 'take the comma away');
}

function afterTheEnd(at: number): JsonFault {
  return fault(
    at,
    'there is more text after the end of the value',
    'write one value, or one per line as NDJSON',
  );
}

function tooEarly(text: string): JsonFault {
  return fault(
    text.length,
    'the text ends before the value is complete',
    'the text was cut off: get the rest of it',
  );
}

function fault(offset: number, message: string, hint: string): JsonFault {
  return { offset, message, hint };
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;) {
    code = text.charCodeAt(++at);
  }
  return at;
}
