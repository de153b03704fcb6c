/** How a value of the event compares with a value of the filter. */
import type { CompareOperator, FilterValue } from './filter.ts';
import { instantOf, numberOf } from './literal.ts';
import { leafText } from './walk.ts';
import type { ValueTest } from './walk.ts';

export type OrderOperator = Exclude<CompareOperator, '!='>;

/** `null` passes no value: that a path has none is asked of the path. */
export function compileCompare(operator: OrderOperator, value: FilterValue): ValueTest {
  switch (value.kind) {
    case 'string':
      return compareText(operator, value.text);
    case 'number':
      return compareNumber(operator, value.number);
    case 'time':
      return compareTime(operator, value.ms);
    case 'boolean': {
      const text = String(value.boolean);
      return (found) => leafText(found) === text;
    }
    case 'null':
      return () => false;
  }
}

function compareText(operator: OrderOperator, wanted: string): ValueTest {
  if (operator === '=') return (found) => found === wanted || leafText(found) === wanted;
  const passes = signTest(operator);
  return (found) => {
    const text = leafText(found);
    return text !== undefined && passes(compareCodePoints(text, wanted));
  };
}

function compareNumber(operator: OrderOperator, wanted: number): ValueTest {
  const passes = signTest(operator);
  return (found) => {
    const number = typeof found === 'number' ? found : typeof found === 'string' ? numberOf(found) : NaN;
    return Number.isFinite(number) && passes(number === wanted ? 0 : number < wanted ? -1 : 1);
  };
}

function compareTime(operator: OrderOperator, wantedMs: number): ValueTest {
  const passes = signTest(operator);
  return (found) => {
    const ms = typeof found === 'string' ? instantOf(found) : undefined;
    return ms !== undefined && passes(ms - wantedMs);
  };
}

function signTest(operator: OrderOperator): (difference: number) => boolean {
  switch (operator) {
    case '=':
      return (difference) => difference === 0;
    case '<':
      return (difference) => difference < 0;
    case '<=':
      return (difference) => difference <= 0;
    case '>':
      return (difference) => difference > 0;
    case '>=':
      return (difference) => difference >= 0;
  }
}

/** Order of code points, which is that of UTF-8 bytes; `<` of JavaScript orders by UTF-16 units. */
function compareCodePoints(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    if (left.charCodeAt(at) === right.charCodeAt(at)) continue;
    return (left.codePointAt(at) ?? 0) - (right.codePointAt(at) ?? 0);
  }
  return left.length - right.length;
}
