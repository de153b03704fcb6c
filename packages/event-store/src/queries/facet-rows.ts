/**
 * The statement that counts rows of a table by several keys at once. Keys that stand for lists of values are grouped as
 * they are first: only so can be told how many rows have a value that is not among the most frequent.
 */

export interface FacetSet {
  /** Names it in the rows. */
  readonly at: number;
  /** An expression over the table: a text, or, where all sets of a statement have values, anything to group by. */
  readonly key: string;
  /** The Array(String) that a key stands for, each value once and none empty; without it the key is the value. */
  readonly values?: (key: string) => string;
}

/** A row per set that found any: `at`, rows counted, different values, rows without, rows with one not in `top`, `top` as Array(Tuple(value, count)). */
export function facetRows(sets: readonly FacetSet[], table: string, top: number): string {
  const lists = sets.filter(({ values }) => values !== undefined);
  const isList =
    lists.length === sets.length
      ? '1'
      : lists.length === 0
        ? '0'
        : `store_at IN (${lists.map(({ at }) => at).join(', ')})`;
  const counts = ['sum(store_count) AS store_total'];
  if (isList !== '1')
    counts.push(
      "countIf(store_key != '') AS store_distinct",
      "sumIf(store_count, store_key = '') AS store_absent",
      // The state of this function is bounded by its parameter.
      `groupArraySortedIf(${top})((-toInt64(store_count), store_key), store_key != '' AND NOT ${isList}) AS store_first`,
    );
  if (isList !== '0')
    counts.push(
      'sumMap(store_values, arrayMap(value -> store_count, store_values)) AS store_sums',
      `groupArrayIf((store_values, store_count), ${isList}) AS store_lists`,
      `arraySlice(arraySort(pair -> (-toInt64(pair.2), pair.1), arrayZip(store_sums.1, store_sums.2)), 1, ${top}) AS store_most`,
    );
  const ofSingle = [
    'store_distinct',
    'store_absent',
    'store_total - store_absent + arraySum(pair -> pair.1, store_first)',
    'arrayMap(pair -> (pair.2, toUInt64(-pair.1)), store_first)',
  ];
  const ofLists = [
    'length(store_sums.1)',
    'arraySum(pair -> if(empty(pair.1), pair.2, 0), store_lists)',
    'arraySum(pair -> if(arrayExists(value -> NOT has(store_most.1, value), pair.1), pair.2, 0), store_lists)',
    'store_most',
  ];
  const answers = ofSingle.map((single, index) =>
    isList === '0' ? single : isList === '1' ? ofLists[index] : `if(${isList}, ${ofLists[index]}, ${single})`,
  );
  return `SELECT store_at, store_total, ${answers.join(', ')}
    FROM (SELECT store_at, ${counts.join(', ')} FROM ${valueRows(sets, table, isList)} GROUP BY store_at)`;
}

function valueRows(sets: readonly FacetSet[], table: string, isList: string): string {
  const groups = groupRows(sets, table);
  if (isList === '0') return groups;
  const cases = sets.flatMap(({ at, values }) =>
    values === undefined ? [] : [`store_at = ${at}, ${values('store_key')}`],
  );
  return `(SELECT *, multiIf(${cases.join(', ')}, CAST([], 'Array(String)')) AS store_values FROM ${groups})`;
}

/** One pass for all of them. */
function groupRows(sets: readonly FacetSet[], table: string): string {
  const name = ({ at }: FacetSet): string => `store_key_${at}`;
  const pick = (what: (set: FacetSet) => string): string =>
    sets.length === 1
      ? sets.map(what).join('')
      : `multiIf(${sets
          .slice(0, -1)
          .map((set) => `grouping(${name(set)}) = 0, ${what(set)}`)
          .join(', ')}, ${sets.slice(-1).map(what).join('')})`;
  const keys = sets.map((set) => `${set.key} AS ${name(set)}`).join(', ');
  return `(SELECT toUInt8(${pick(({ at }) => String(at))}) AS store_at, ${pick((set) => (set.values === undefined ? `toString(${name(set)})` : name(set)))} AS store_key,
      count() AS store_count
    FROM (SELECT ${keys} FROM ${table})
    GROUP BY GROUPING SETS (${sets.map((set) => `(${name(set)})`).join(', ')}))`;
}
