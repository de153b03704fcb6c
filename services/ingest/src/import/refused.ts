/** Why something is not taken, and the chain it belongs to stops. */
import { VerifyFault } from '@cadf-pipeline/federation';
import type { ItemFaultCode } from '../errors.ts';

/** The message is a sentence for people. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: string;
  readonly file: string | undefined;
  readonly sequence: number | undefined;

  constructor(
    code: ItemFaultCode | VerifyFault['fault']['code'],
    message: string,
    { file, sequence }: { readonly file?: string | undefined; readonly sequence?: number | undefined } = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.file = file;
    this.sequence = sequence;
  }
}

/** A fault of verification as a refusal; anything else as it is. */
export function asRefused(error: unknown, sequence?: number): unknown {
  if (!(error instanceof VerifyFault)) return error;
  const { fault } = error;
  return new Refused(
    fault.code,
    fault.message,
    { file: fault.file, sequence: fault.sequence ?? sequence },
    { cause: error },
  );
}

/** Nothing is wrong with what is there: more of it has to come. */
const COMES_LATER: ReadonlySet<string> = new Set([
  'segment-missing',
  'truncated',
  'file-missing',
  'head-missing',
]);

export function comesLater({ code }: Pick<Refused, 'code'>): boolean {
  return COMES_LATER.has(code);
}
