/** What a line of the Xen tools tells, whichever of them wrote it. */
import type { EventOutcome } from '../../src/normalize/event-draft.ts';

export interface Domain {
  readonly domid?: string;
  readonly name?: string;
  readonly uuid?: string;
}

export type Told =
  | {
      readonly kind: 'event';
      /** Stable name of the rule. */
      readonly rule: string;
      readonly action: string;
      readonly outcome: EventOutcome;
      /** Undefined where it is about the service itself. */
      readonly domain?: Domain;
      /** `vbd/51712`, or what else names a part of the domain. */
      readonly device?: string;
      readonly isService?: true;
      /** The tool's own word for what and why. */
      readonly name: string;
      readonly reason: string;
    }
  | { readonly kind: 'ignored'; readonly rule: string };

export function noise(rule: string): Told {
  return { kind: 'ignored', rule };
}

export function known<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
