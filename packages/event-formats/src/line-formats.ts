/** The formats whose files have a line of their own for each event, as a sender of syslog would send it. */
import { cefLine } from './cef-line.ts';
import type { EventBatch, FileFormat } from './event-format.ts';
import { eventsOf } from './event-lines.ts';
import type { ReadEvent } from './event-lines.ts';
import { leefLine } from './leef-line.ts';
import { syslogHeader } from './syslog-line.ts';
import { createTextWriter } from './text-writer.ts';

/** Common Event Format without a header of syslog. */
export const cef: FileFormat = lineFormat('.cef', cefLine);

/** LEEF 2.0 without a header of syslog. */
export const leef: FileFormat = lineFormat('.leef', leefLine);

/** RFC 5424, the message the whole event as JSON: never cut, as no receiver bounds it. */
export const syslog: FileFormat = lineFormat(
  '.log',
  (given) => syslogHeader(given) + withoutControls(given.json),
);

function lineFormat(extension: string, write: (event: ReadEvent) => string): FileFormat {
  function* texts(batch: EventBatch): Generator<string> {
    for (const event of eventsOf(batch)) yield `${write(event)}\n`;
  }
  return {
    extension,
    mediaType: 'text/plain; charset=utf-8',
    compressible: true,
    open: () => createTextWriter({ texts }),
  };
}

/** Control characters stand between the tokens of JSON only, where a blank means the same. */
function withoutControls(json: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  return /[\u0000-\u001f]/.test(json) ? json.replaceAll(/[\u0000-\u001f]/g, ' ') : json;
}
