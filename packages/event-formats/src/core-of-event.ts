/** The least that says what an event is, for receivers to which the whole is too large. */
import { isMembers } from '@cadf-pipeline/cadf-model';
import type { Members } from '@cadf-pipeline/cadf-model';

const TEXTS = ['typeURI', 'id', 'eventType', 'eventTime', 'action', 'outcome', 'name', 'severity'];
const IDS = ['initiatorId', 'targetId', 'observerId'];
const PARTS: Readonly<Record<string, readonly string[]>> = {
  reason: ['reasonType', 'reasonCode', 'policyType', 'policyId'],
  initiator: ['id', 'typeURI', 'name', 'domain'],
  target: ['id', 'typeURI', 'name', 'domain'],
  observer: ['id', 'typeURI', 'name', 'domain'],
};

/** From the most to the least; of texts so many characters, each six bytes at most as JSON. */
const STEPS = [
  { characters: 256, withParts: true },
  { characters: 64, withParts: true },
  { characters: 64, withParts: false },
  { characters: 8, withParts: false },
] as const;

/** As JSON: as much of it as fits into `maxBytes`, which are 1,024 or more. */
export function coreOfEvent(event: Members, maxBytes: number): Buffer {
  let core = Buffer.alloc(0);
  for (const { characters, withParts } of STEPS) {
    const texts = textsOf(event, [...TEXTS, ...IDS], characters);
    const parts = withParts ? partsOf(event, characters) : {};
    core = Buffer.from(JSON.stringify({ ...texts, ...parts }));
    if (core.length <= maxBytes) break;
  }
  return core;
}

function partsOf(event: Members, characters: number): Members {
  return Object.fromEntries(
    Object.entries(PARTS).flatMap(([name, members]) => {
      const part = event[name];
      return isMembers(part) ? [[name, textsOf(part, members, characters)] as const] : [];
    }),
  );
}

function textsOf(of: Members, names: readonly string[], characters: number): Members {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = of[name];
      return typeof value === 'string' ? [[name, value.slice(0, characters).toWellFormed()] as const] : [];
    }),
  );
}
