/** A growing list of unsigned 32-bit numbers, written little-endian in as many bytes each as asked for. */
export interface UnsignedArray {
  readonly add: (value: number) => void;
  readonly set: (index: number, value: number) => void;
  readonly length: number;
  /** Answers the place behind. */
  readonly write: (buffer: Buffer, at: number, width: 1 | 2 | 4) => number;
  readonly clear: () => void;
}

export function createUnsignedArray(): UnsignedArray {
  let values = new Uint32Array(1024);
  let length = 0;
  return {
    add(value) {
      if (length === values.length) {
        const more = new Uint32Array(length * 2);
        more.set(values);
        values = more;
      }
      values[length++] = value;
    },
    set(index, value) {
      values[index] = value;
    },
    get length() {
      return length;
    },
    write(buffer, at, width) {
      const used = values.subarray(0, length);
      // Made in an array of its own, because the place in the buffer may not be aligned. The platform is little-endian.
      const narrow = width === 1 ? new Uint8Array(used) : width === 2 ? new Uint16Array(used) : used;
      buffer.set(new Uint8Array(narrow.buffer, narrow.byteOffset, narrow.byteLength), at);
      return at + length * width;
    },
    clear() {
      length = 0;
    },
  };
}
