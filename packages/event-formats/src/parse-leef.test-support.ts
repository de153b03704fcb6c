/** A reader of LEEF 2.0 as its specification says, for tests: written from that, not from the writer. */

export interface ParsedLeef {
  /** Vendor, product, version, event id. */
  readonly header: string[];
  readonly attributes: Record<string, string>;
}

export function parseLeef(line: string): ParsedLeef {
  const fields = line.split('|');
  const [version, ...header] = fields.slice(0, 5);
  const delimiter = /^(?:0x|x)(?<hex>[0-9A-Fa-f]{1,4})$/.exec(fields[5] ?? '')?.groups?.['hex'];
  if (version !== 'LEEF:2.0' || delimiter === undefined) throw new Error(`no LEEF: ${line.slice(0, 100)}`);
  const attributes: Record<string, string> = {};
  for (const pair of fields
    .slice(6)
    .join('|')
    .split(String.fromCharCode(parseInt(delimiter, 16)))) {
    const [, key, value] = /^([A-Za-z][A-Za-z0-9]*)=(.*)$/su.exec(pair) ?? [];
    if (key === undefined || value === undefined || key in attributes)
      throw new Error(`no attribute: ${pair}`);
    attributes[key] = value;
  }
  return { header, attributes };
}
