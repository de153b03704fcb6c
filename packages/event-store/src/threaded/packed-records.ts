/**
 * Records of one insert as they cross from one thread to another: what many share once, the rest in few large pieces.
 * Sending the records as objects would cost both threads more than making rows of them.
 */
import type { StoreRecord } from '../interface.ts';

/** Consecutive records of one submission, in one partition. */
interface Run {
  readonly count: number;
  readonly partition: number;
  readonly receivedMs: number;
  readonly source: string;
  readonly sourceType: string;
  readonly submitter: string;
  readonly profile: string;
}

export interface PackedRecords {
  readonly runs: readonly Run[];
  readonly offsets: Float64Array<ArrayBuffer>;
  readonly places: Uint32Array<ArrayBuffer>;
  readonly lengths: Uint32Array<ArrayBuffer>;
  /** The values, one behind the other. */
  readonly values: ArrayBuffer;
  /** One behind the other, each as long as `digestLengths` says. */
  readonly digests: string;
  readonly digestLengths: Uint8Array<ArrayBuffer>;
  /** Which of `tenantSets` a record has. */
  readonly tenantIndexes: Uint32Array<ArrayBuffer>;
  readonly tenantSets: readonly (readonly string[])[];
}

/** What of packed records is handed over instead of copied. */
export function transferables(packed: PackedRecords): ArrayBuffer[] {
  return [
    packed.values,
    packed.offsets.buffer,
    packed.places.buffer,
    packed.lengths.buffer,
    packed.digestLengths.buffer,
    packed.tenantIndexes.buffer,
  ];
}

export function packRecords(records: readonly StoreRecord[]): PackedRecords {
  const offsets = new Float64Array(records.length);
  const places = new Uint32Array(records.length);
  const lengths = new Uint32Array(records.length);
  const digestLengths = new Uint8Array(records.length);
  const tenantIndexes = new Uint32Array(records.length);
  const values = Buffer.allocUnsafeSlow(records.reduce((sum, { value }) => sum + value.length, 0));
  const tenantSets: (readonly string[])[] = [];
  const known = new Map<string, number>();
  const runs: Run[] = [];
  let first: StoreRecord | undefined;
  let count = 0;
  let digests = '';
  let end = 0;
  const endRun = (): void => {
    if (first === undefined) return;
    const { partition, receivedMs, source, sourceType, submitter, profile } = first;
    runs.push({ count, partition, receivedMs, source, sourceType, submitter, profile });
  };
  records.forEach((record, index) => {
    if (first === undefined || !isSameRun(first, record)) {
      endRun();
      first = record;
      count = 0;
    }
    count++;
    offsets[index] = record.offset;
    places[index] = record.place ?? 0;
    lengths[index] = record.value.length;
    values.set(record.value, end);
    end += record.value.length;
    digests += record.digest;
    digestLengths[index] = record.digest.length;
    // A mark before a single tenant: its id may look like the JSON of several.
    const tenants = record.tenants.length === 1 ? `=${record.tenants[0]}` : JSON.stringify(record.tenants);
    let set = known.get(tenants);
    if (set === undefined) {
      set = tenantSets.length;
      known.set(tenants, set);
      tenantSets.push(record.tenants);
    }
    tenantIndexes[index] = set;
  });
  endRun();
  const { buffer } = values;
  return {
    runs,
    offsets,
    places,
    lengths,
    values: buffer,
    digests,
    digestLengths,
    tenantIndexes,
    tenantSets,
  };
}

function isSameRun(a: StoreRecord, b: StoreRecord): boolean {
  return (
    a.partition === b.partition &&
    a.receivedMs === b.receivedMs &&
    a.source === b.source &&
    a.sourceType === b.sourceType &&
    a.submitter === b.submitter &&
    a.profile === b.profile
  );
}

export function unpackRecords(packed: PackedRecords): readonly StoreRecord[] {
  const { offsets, places, lengths, values, digests, digestLengths, tenantIndexes, tenantSets } = packed;
  const records: StoreRecord[] = [];
  let valueEnd = 0;
  let digestEnd = 0;
  for (const { count, ...shared } of packed.runs) {
    for (let left = count; left > 0; left--) {
      const index = records.length;
      const length = lengths[index] ?? 0;
      const digestLength = digestLengths[index] ?? 0;
      records.push({
        ...shared,
        offset: offsets[index] ?? 0,
        place: places[index] ?? 0,
        value: Buffer.from(values, valueEnd, length),
        digest: digests.slice(digestEnd, digestEnd + digestLength),
        tenants: tenantSets[tenantIndexes[index] ?? 0] ?? [],
      });
      valueEnd += length;
      digestEnd += digestLength;
    }
  }
  return records;
}
