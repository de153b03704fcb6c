/**
 * Ties the beginning of an operation to its end, which often says neither who asked nor what it is about. Both have the
 * same correlation id, or, where one of them has none (the engine lost it on the way), the same name of what they are
 * about. Two ids that differ are two operations, whatever the name: else somebody could be given what another one did.
 */
import type { OpenOperations } from '../../src/normalize/open-operations.ts';
import { createOpenOperations } from '../../src/normalize/open-operations.ts';
import { endsAfterwards } from './event-meaning.ts';
import type { EventMeaning } from './event-meaning.ts';
import type { Begun, Subject, Told } from './to-event.ts';

/** Making a machine from a template may take hours, but a reader that starts again reads from before the oldest. */
const WINDOW_MS = 2 * 3_600_000;
const MAX_OPERATIONS = 2000;

interface Remembered {
  readonly begun: Begun;
  readonly correlation: string;
  readonly keys: readonly string[];
}

export interface Operations {
  readonly size: number;
  /** What began before, of which this tells more. */
  before(told: Told, meaning: EventMeaning, subject: Subject): Begun | undefined;
  remember(told: Told, meaning: EventMeaning, subject: Subject, begun: Begun): void;
  expire(epochMs: number): void;
  clear(): void;
}

export function createOperations(): Operations {
  const open: OpenOperations<Remembered> = createOpenOperations({
    windowMs: WINDOW_MS,
    maxOperations: MAX_OPERATIONS,
  });
  return {
    get size() {
      return open.size;
    },
    before(told, meaning, subject) {
      const [byCorrelation, byName] = keysOf(told, meaning, subject);
      if (meaning.outcome === 'pending') {
        // Only a correlation id tells a second word of one beginning from another operation of the same kind.
        return byCorrelation === undefined ? undefined : open.peek(byCorrelation)?.begun;
      }
      const named = byName === undefined ? undefined : open.peek(byName);
      const isOther = told.correlation !== '' && (named?.correlation ?? '') !== '';
      const found =
        (byCorrelation === undefined ? undefined : open.peek(byCorrelation)) ?? (isOther ? undefined : named);
      for (const key of found?.keys ?? []) open.end(key);
      return found?.begun;
    },
    remember(told, meaning, subject, begun) {
      if (!endsAfterwards(meaning.operation)) return;
      const keys = keysOf(told, meaning, subject).filter((key) => key !== undefined);
      for (const key of keys)
        open.begin(key, { begun, keys, correlation: told.correlation }, told.time.epochMs);
    },
    expire: (epochMs) => open.expire(epochMs),
    clear: () => open.clear(),
  };
}

function keysOf(
  { host, correlation }: Told,
  { operation }: EventMeaning,
  { kind, name, id }: Subject,
): readonly [byCorrelation: string | undefined, byName: string | undefined] {
  const about = name ?? id;
  return [
    correlation === '' ? undefined : `${host}\nc\n${operation}\n${correlation}`,
    about === undefined ? undefined : `${host}\nn\n${operation}\n${kind}\n${about}`,
  ];
}
