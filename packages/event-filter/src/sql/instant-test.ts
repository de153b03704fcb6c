import type { Bind } from './bind.ts';
import { sqlText } from './bind.ts';
import type { LeafTest } from './leaf-test.ts';

/** What JavaScript trims. */
const BLANK =
  '[\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}]*';
/** Groups: year, month, day, hour, minute, second, fraction, sign, hours and minutes of the zone. */
const TIMESTAMP = sqlText(
  `^${BLANK}([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.,]([0-9]*))?(?:([+-])([0-9]{2})(?::?([0-9]{2}))?|${BLANK}(?:UTC|GMT|[zZ]))?${BLANK}$`,
);
const MAX_LENGTH = 64;

const NAMES = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;
type Part = (typeof NAMES)[number];

/** Text that stands for an instant, as `timestampMs` reads it, compared in milliseconds. */
export function instantTest(operator: string, wantedMs: number, bind: Bind): LeafTest {
  const wanted = bind('Int64', wantedMs);
  return (leaf) =>
    `arrayExists(g -> notEmpty(g) AND ${isInstant()} AND ${instantMs()} ${operator} ${wanted}, [if(lengthUTF8(${leaf}) <= ${MAX_LENGTH}, extractGroups(${leaf}, ${TIMESTAMP}), [])])`;
}

function part(name: Part): string {
  return `toInt64OrZero(g[${NAMES.indexOf(name) + 1}])`;
}

const FRACTION_MS = "toInt64OrZero(substring(concat(g[7], '000'), 1, 3))";
const ZONE_HOURS = 'toInt64OrZero(g[9])';
const ZONE_MINUTES = 'toInt64OrZero(g[10])';
const OFFSET = `(if(g[8] = '-', -1, 1) * (${ZONE_HOURS} * 60 + ${ZONE_MINUTES}))`;

function isInstant(): string {
  const [year, month, day] = [part('year'), part('month'), part('day')];
  const [hour, minute, second] = [part('hour'), part('minute'), part('second')];
  const leapYear = `(${year} % 4 = 0 AND (${year} % 100 != 0 OR ${year} % 400 = 0))`;
  const days = `multiIf(${month} = 2, if(${leapYear}, 29, 28), ${month} IN (4, 6, 9, 11), 30, 31)`;
  const leapSecond = `(${second} = 60 AND (${hour} * 60 + ${minute} - ${OFFSET} + 2880) % 1440 = 1439)`;
  const timeOfDay = `if(${hour} >= 24, ${hour} = 24 AND ${minute} = 0 AND ${second} = 0 AND ${FRACTION_MS} = 0, ${second} < 60 OR ${leapSecond})`;
  const zone = `${ZONE_MINUTES} <= 59 AND ${ZONE_HOURS} * 60 + ${ZONE_MINUTES} <= 840`;
  return `${month} BETWEEN 1 AND 12 AND ${day} BETWEEN 1 AND ${days} AND ${minute} <= 59 AND ${timeOfDay} AND ${zone}`;
}

/** Days by integer arithmetic over eras of 400 years, one era ahead so that nothing is negative. */
function instantMs(): string {
  const month = part('month');
  const shifted = `(${part('year')} - if(${month} <= 2, 1, 0) + 400)`;
  const yearOfEra = `(${shifted} % 400)`;
  const dayOfYear = `(intDiv(153 * (${month} + if(${month} > 2, -3, 9)) + 2, 5) + ${part('day')} - 1)`;
  const days = `(intDiv(${shifted}, 400) * 146097 - 146097 + ${yearOfEra} * 365 + intDiv(${yearOfEra}, 4) - intDiv(${yearOfEra}, 100) + ${dayOfYear} - 719468)`;
  return `(${days} * 86400000 + ((${part('hour')} * 60 + ${part('minute')} - ${OFFSET}) * 60 + ${part('second')}) * 1000 + ${FRACTION_MS})`;
}
