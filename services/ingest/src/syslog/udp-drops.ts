/** Datagrams the kernel dropped because a socket's receive buffer was full: Linux, /proc/net/udp (proc(5)). */
import { readFile } from 'node:fs/promises';

const TABLES = ['/proc/net/udp', '/proc/net/udp6'] as const;

/** The drops so far of the sockets at a port; undefined where this system does not tell. */
export async function readUdpDrops(port: number): Promise<number | undefined> {
  const tables = await Promise.all(TABLES.map((path) => readFile(path, 'utf8').catch(() => undefined)));
  if (tables.every((table) => table === undefined)) return undefined;
  return tables.reduce((sum, table) => sum + dropsIn(table ?? '', port), 0);
}

/** Columns: slot, local address `<hex>:<hex port>`, …, the last one is the number of drops. */
export function dropsIn(table: string, port: number): number {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  let drops = 0;
  for (const line of table.split('\n')) {
    const columns = line.trim().split(/\s+/);
    if (columns[1]?.endsWith(suffix) !== true) continue;
    const count = Number(columns.at(-1));
    if (Number.isSafeInteger(count)) drops += count;
  }
  return drops;
}
