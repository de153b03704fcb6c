/** A reader of CEF as its specification says, for tests: written from that, not from the writer. */

export interface ParsedCef {
  /** Vendor, product, version, class, name, severity. */
  readonly header: string[];
  readonly extension: Record<string, string>;
}

export function parseCef(line: string): ParsedCef {
  if (!line.startsWith('CEF:0|')) throw new Error('no CEF');
  const header: string[] = [];
  let at = 6;
  let field = '';
  for (; at < line.length && header.length < 6; at += 1) {
    if (line[at] === '\\') field += line[(at += 1)];
    else if (line[at] === '|') {
      header.push(field);
      field = '';
    } else field += line[at];
  }
  if (header.length < 6) throw new Error('the header is not whole');
  return { header, extension: parseExtension(line.slice(at)) };
}

/** A key begins the text or follows a blank, is letters and digits, and ends with `=`; all up to the next is its value. */
function parseExtension(text: string): Record<string, string> {
  const keys = [...text.matchAll(/(?:^| )([A-Za-z][A-Za-z0-9]{0,40})=/g)];
  const pairs = keys.map((key, index) => {
    const from = key.index + key[0].length;
    const value = text.slice(from, keys[index + 1]?.index ?? text.length);
    const unescaped = value.replaceAll(/\\([\\=nr])/g, (_whole, letter: string) =>
      letter === 'n' ? '\n' : letter === 'r' ? '\r' : letter,
    );
    return [key[1] ?? '', unescaped] as const;
  });
  const names = pairs.map(([name]) => name);
  if (new Set(names).size < names.length) throw new Error(`a key stands twice: ${names.join(' ')}`);
  return Object.fromEntries(pairs);
}
