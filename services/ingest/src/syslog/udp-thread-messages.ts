/** What the thread that reads a UDP socket and the process say to each other. */

export interface UdpThreadOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Wanted size of the kernel's buffer. */
  readonly bufferBytes: number;
  /** Most bytes posted and not taken. */
  readonly maxPendingBytes: number;
}

export type FromUdpThread =
  | { readonly kind: 'listening'; readonly port: number; readonly bufferBytes: number }
  /** The socket failed; before `listening`: it could not be bound. */
  | { readonly kind: 'failed'; readonly message: string; readonly code?: string }
  | {
      readonly kind: 'batch';
      /** The datagrams, one behind the other. */
      readonly data: Uint8Array;
      readonly lengths: readonly number[];
      /** Of each datagram, its sender. */
      readonly addresses: readonly string[];
      /** To be given back when the batch is taken. */
      readonly cost: number;
    }
  /** Datagrams refused since the last time this was told. */
  | { readonly kind: 'refused'; readonly datagrams: number }
  /** Everything has been posted; `drops`: of the kernel, so far, where it tells (`udp-drops.ts`). */
  | { readonly kind: 'stopped'; readonly drops?: number };

export type ToUdpThread =
  | { readonly kind: 'taken'; readonly cost: number }
  /** Asks for `refused`. */
  | { readonly kind: 'losses' }
  | { readonly kind: 'stop' };
