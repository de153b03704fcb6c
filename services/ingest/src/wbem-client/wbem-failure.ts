/** Why a CIM server could not be asked, or what it refused. */
import { nameOfStatus } from './cim-status.ts';

export type WbemFailureCode =
  /** The URL or another setting of the caller. */
  | 'WBEM_SETTING'
  /** No connection, or one that ended within an answer. */
  | 'WBEM_UNREACHABLE'
  /** The connection's encryption or a certificate. */
  | 'WBEM_TLS'
  | 'WBEM_TIMEOUT'
  /** 401 or 403. */
  | 'WBEM_NOT_ALLOWED'
  /** Another HTTP status that is no answer. */
  | 'WBEM_STATUS'
  /** No CIM-XML answer, or one that is too large. */
  | 'WBEM_ANSWER'
  /** The operation was refused; `status` has the CIM status code. */
  | 'WBEM_REFUSED';

/** Its message says what was asked, what came and how to mend it; never a secret. */
export class WbemFailure extends Error {
  override readonly name = 'WbemFailure';
  readonly code: WbemFailureCode;
  /** CIM status code of a refusal (DSP0200 5.2.2, table 1). */
  readonly status: number | undefined;

  constructor(
    code: WbemFailureCode,
    message: string,
    facts: { readonly status?: number; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: facts.cause });
    this.code = code;
    this.status = facts.status;
  }
}

/** Whether the server refused an operation with one of these CIM status codes. */
export function isRefusal(error: unknown, ...statuses: readonly number[]): error is WbemFailure {
  return error instanceof WbemFailure && error.status !== undefined && statuses.includes(error.status);
}

export function refusal(method: string, status: number, description: string): WbemFailure {
  const said = description === '' ? '' : `: ${description.slice(0, 500).trim()}`;
  const message = `${method} was refused with ${nameOfStatus(status)}${said}`;
  return new WbemFailure('WBEM_REFUSED', message.endsWith('.') ? message : `${message}.`, { status });
}
