import { parseRange, rangeEnds } from '../cidr.ts';
import type { Bind } from './bind.ts';
import { sqlText } from './bind.ts';
import type { LeafTest } from './leaf-test.ts';

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const DOTTED = sqlText(`^${OCTET}(?:\\.${OCTET}){3}$`);
/** Letters of addresses; what else they have to be is the engine's to say. */
const COLONS = sqlText(`^[0-9a-fA-F:]{2,45}$|^[0-9a-fA-F:]{2,30}:${OCTET}(?:\\.${OCTET}){3}$`);

/** Text that is an address in one of the ranges, compared as 32 hexadecimal digits. */
export function addressTest(ranges: readonly string[], bind: Bind): LeafTest {
  const ends = ranges.map((range) => {
    const found = rangeEnds(range);
    if (found === undefined || parseRange(range) === undefined)
      throw new RangeError(`no address range: ${range}`);
    return { first: bind('String', found.first), last: bind('String', found.last) };
  });
  return (leaf) => {
    const dotted = `lower(concat(repeat('0', 20), 'ffff', leftPad(hex(IPv4StringToNumOrDefault(${leaf})), 8, '0')))`;
    const colons = `lower(hex(IPv6StringToNumOrDefault(${leaf})))`;
    const digits = `multiIf(match(${leaf}, ${DOTTED}), ${dotted}, match(${leaf}, ${COLONS}) AND isIPv6String(${leaf}), ${colons}, '')`;
    const tests = ends.map(({ first, last }) => `(a >= ${first} AND a <= ${last})`);
    return `arrayExists(a -> ${tests.join(' OR ')}, [${digits}])`;
  };
}
