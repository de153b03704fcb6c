/** A reader of CSV as RFC 4180 says, for tests: written from that, not from the writer. */

/** The rows. Throws for what the grammar does not allow. */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const { cell, end } = text[at] === '"' ? quoted(text, at + 1) : plain(text, at);
    row.push(cell);
    at = end;
    if (text[at] === ',') at += 1;
    else if (text.startsWith('\r\n', at)) {
      rows.push(row);
      row = [];
      at += 2;
    } else throw new Error(`no separator at ${at}: ${JSON.stringify(text.slice(at, at + 20))}`);
  }
  if (row.length > 0) throw new Error('the last row has no end');
  return rows;
}

interface Cell {
  readonly cell: string;
  readonly end: number;
}

function quoted(text: string, start: number): Cell {
  for (let at = start; ; at += 2) {
    at = text.indexOf('"', at);
    if (at < 0) throw new Error(`the cell at ${start} has no end`);
    if (text[at + 1] !== '"') return { cell: text.slice(start, at).replaceAll('""', '"'), end: at + 1 };
  }
}

function plain(text: string, start: number): Cell {
  let end = start;
  while (end < text.length && !',"\r\n'.includes(text[end] ?? '')) end += 1;
  return { cell: text.slice(start, end), end };
}
