/** One event of a body, or what stands where one was expected. */
import type { ItemFaultCode } from '../errors.ts';

export type BodyItem =
  | {
      readonly readable: true;
      /** The event's own text in UTF-8, byte for byte as sent (from XML: its JSON form). */
      readonly bytes: Buffer;
      /** What JSON.parse makes of it. */
      readonly value: unknown;
    }
  | {
      readonly readable: false;
      readonly code: ItemFaultCode;
      /** Where and how to mend it. */
      readonly detail: string;
    };
