import type { Bind } from './bind.ts';
import { sqlText } from './bind.ts';
import type { LeafTest } from './leaf-test.ts';

/** As `numberOf` reads numbers. */
const NUMBER = sqlText('^-?[0-9]+(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]{1,4})?$');
const MAX_LENGTH = 400;

/** Text that is a number, compared as doubles. The engine has to read them exactly (`precise_float_parsing`). */
export function numberTest(operator: string, wanted: number, bind: Bind): LeafTest {
  // As text: a parameter that is a number may be read less exactly.
  const number = `toFloat64(${bind('String', String(wanted))})`;
  return (leaf) => `${isNumber(leaf)} AND toFloat64OrZero(${leaf}) ${operator} ${number}`;
}

/** Text that is one of the numbers, looked up at once. */
export function numberListTest(wanted: readonly number[], bind: Bind): LeafTest {
  const numbers = bind('Array(String)', wanted.map(String));
  // Adding 0 makes -0 the 0 that it equals.
  return (leaf) =>
    `${isNumber(leaf)} AND has(arrayMap(n -> toFloat64(n), ${numbers}), toFloat64OrZero(${leaf}) + 0)`;
}

function isNumber(leaf: string): string {
  return `match(${leaf}, ${NUMBER}) AND length(${leaf}) <= ${MAX_LENGTH} AND isFinite(toFloat64OrZero(${leaf}))`;
}
