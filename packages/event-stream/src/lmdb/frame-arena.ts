/**
 * Memory that frames are written into on their way to the disk, used again and again: memory allocated anew for
 * every append would have to be found and freed by the garbage collector, which costs more than writing it.
 */

/** Size of one piece; a frame that needs more gets memory of its own. */
const SLAB_BYTES = 2 * 1024 * 1024;
/** Pieces kept when nothing uses them. */
const MAX_FREE_SLABS = 16;

interface Slab {
  readonly bytes: Buffer;
  used: number;
  /** Leases that have not been given back. */
  leases: number;
}

/** Memory for the frames of one append. */
export interface FrameLease {
  /** Memory of exactly `size` bytes, not cleared; valid until `release`. */
  take(size: number): Buffer;
  /** Gives all of it back: nobody may look at it any more. */
  release(): void;
}

export interface FrameArena {
  lease(): FrameLease;
}

export function createFrameArena(): FrameArena {
  const free: Slab[] = [];
  let current: Slab | undefined;

  function slabFor(size: number): Slab {
    if (current !== undefined && current.used + size <= SLAB_BYTES) return current;
    current = free.pop() ?? { bytes: Buffer.allocUnsafeSlow(SLAB_BYTES), used: 0, leases: 0 };
    return current;
  }

  function giveBack(slab: Slab): void {
    slab.leases -= 1;
    if (slab.leases > 0) return;
    slab.used = 0;
    if (slab !== current && free.length < MAX_FREE_SLABS) free.push(slab);
  }

  return {
    lease() {
      const slabs = new Set<Slab>();
      return {
        take(size) {
          if (size > SLAB_BYTES) return Buffer.allocUnsafeSlow(size);
          const slab = slabFor(size);
          if (!slabs.has(slab)) {
            slabs.add(slab);
            slab.leases += 1;
          }
          const start = slab.used;
          slab.used += size;
          return slab.bytes.subarray(start, slab.used);
        },
        release() {
          for (const slab of slabs) giveBack(slab);
          slabs.clear();
        },
      };
    },
  };
}
