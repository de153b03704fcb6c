/** How a request that is no export of CIM-XML is refused: below CIM, with a status of HTTP and a `CIMError` (DSP0200). */

/** Values of the header `CIMError` (DSP0200). */
export type CimErrorHeader =
  | 'request-not-well-formed'
  | 'request-not-loosely-valid'
  | 'request-not-valid'
  | 'unsupported-operation'
  | 'unsupported-protocol-version'
  | 'unsupported-cim-version'
  | 'unsupported-dtd-version'
  | 'header-mismatch';

export interface WbemRefusal {
  /** Status of HTTP. */
  readonly status: number;
  /** What is wrong and how to mend it: in the header `CIMErrorDetails` and in the body. */
  readonly detail: string;
  readonly cimError?: CimErrorHeader;
  readonly headers?: Readonly<Record<string, string>>;
}

export function isRefusal(value: object): value is WbemRefusal {
  return 'status' in value && 'detail' in value;
}
