/** Where a listener listens: `host:port`, `[address]:port`, or a port of this machine's loopback. */
export interface ListenAddress {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

const LOOPBACK = '127.0.0.1';
const ADDRESS = /^(?:(?:\[([0-9A-Fa-f:.]{2,45})\]|([A-Za-z0-9.-]{1,253})):)?(\d{1,5})$/;

/** Undefined where the text is none. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const found = ADDRESS.exec(text);
  if (found === null) return undefined;
  const port = Number(found[3]);
  return port > 65_535 ? undefined : { host: found[1] ?? found[2] ?? LOOPBACK, port };
}
