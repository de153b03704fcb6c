/** Event times as Parquet has them: microseconds since 1970 UTC. */
import { timestampMs } from '@cadf-pipeline/cadf-model';

/** Of `2026-11-01T12:34:56.123456`. */
const POINT = 19;
const FIRST_BELOW = POINT + 4;

/** Undefined when the text is no timestamp. Digits below a microsecond are cut off. */
export function timestampMicros(text: string): bigint | undefined {
  const ms = timestampMs(text);
  return Number.isNaN(ms) ? undefined : BigInt(ms) * 1000n + BigInt(microsBelow(text.trimStart()));
}

function microsBelow(text: string): number {
  if (text[POINT] !== '.' && text[POINT] !== ',') return 0;
  let micros = 0;
  let weight = 100;
  for (let at = POINT + 1; weight >= 1; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) break;
    if (at < FIRST_BELOW) continue;
    micros += digit * weight;
    weight /= 10;
  }
  return Math.trunc(micros);
}
