/** The body of an answer to an export (DSP0201): SIMPLEEXPRSP, or MULTIEXPRSP, with a result or an error for each call. */
import type { ExportMessage } from './export-message.ts';

/** Status codes of DSP0200 that a listener gives. */
export const CIM_ERR = { FAILED: 1, ACCESS_DENIED: 2, INVALID_PARAMETER: 4, NOT_SUPPORTED: 7 } as const;

/** Why one call of a message was not taken. */
export interface CimError {
  readonly code: (typeof CIM_ERR)[keyof typeof CIM_ERR];
  readonly description: string;
}

/** `results`: one per call, in order; undefined: taken. */
export function exportAnswer(message: ExportMessage, results: readonly (CimError | undefined)[]): string {
  const responses = message.calls
    .map(({ method }, index) => `<SIMPLEEXPRSP>${methodResponse(method, results[index])}</SIMPLEEXPRSP>`)
    .join('');
  const body = message.isBatch ? `<MULTIEXPRSP>${responses}</MULTIEXPRSP>` : responses;
  return (
    '<?xml version="1.0" encoding="utf-8" ?>\n' +
    `<CIM CIMVERSION="${escaped(message.cimVersion)}" DTDVERSION="${escaped(message.dtdVersion)}">` +
    `<MESSAGE ID="${escaped(message.id)}" PROTOCOLVERSION="${escaped(message.protocolVersion)}">` +
    `${body}</MESSAGE></CIM>\n`
  );
}

function methodResponse(method: string, error: CimError | undefined): string {
  const start = `<EXPMETHODRESPONSE NAME="${escaped(method)}"`;
  if (error === undefined) return `${start}/>`;
  return `${start}><ERROR CODE="${error.code}" DESCRIPTION="${escaped(error.description)}"/></EXPMETHODRESPONSE>`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

function escaped(text: string): string {
  return text.toWellFormed().replace(/[&<>"\n\r\t]/g, (character) => ESCAPES[character] ?? character);
}
