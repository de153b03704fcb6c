/** Asking the texts of events, which the table keeps in parts, in SQL. */
import { STAGED } from '../engine/engine.ts';
import type { TextCondition } from '../interface.ts';
import { TAG_CODES, TEXT_COLUMNS, TIME_CODE } from '../row/text-columns.ts';

/**
 * The (partition, offset) of the events whose text passes, among those that pass `which`, a condition over the columns
 * of `events`. About 15 µs per row of those, so that they should be few. No WHERE on what is made of the text: planning
 * one takes the engine twenty times as long as the rest.
 */
export function textPlaces(which: string, { stages, sql }: TextCondition): string {
  return `SELECT arrayJoin(if(${sql}, [(partition, offset)], [])) FROM ${stagedTexts(which, stages)}`;
}

/** The partition, offset, text and names of the stages of the events that pass `which`, as a table. */
export function stagedTexts(which: string, stages: TextCondition['stages']): string {
  const texts = `(SELECT ${STAGED} partition, offset, ${TEXT} AS text FROM ${resolvedRows(which)} AS e LEFT ANY JOIN shapes ON shapes.id = e.shape)`;
  return stages.reduce((from, stage) => `(SELECT *, ${stage.join(', ')} FROM ${from})`, texts);
}

/** The same text as `stored-text.ts` makes of a row. */
const TEXT = `if(e.shape = 0, e.rest, arrayStringConcat(arrayMap((piece, value) -> concat(piece, value), shapes.pieces,
  arrayResize(splitByChar(char(31), e.resolved), length(shapes.pieces)))))`;

/** `rest` with the columns in place of the references, the event time last. */
const RESOLVED = [
  ...TEXT_COLUMNS.map(({ code, name }) => [
    code,
    name === 'request_path_ref' ? 'request_path' : `toString(${name})`,
  ]),
  ...TAG_CODES.map((code, index) => [code, `tags[${index + 1}]`]),
  [TIME_CODE, 'event_time_text'],
].reduce((sql, [code, value]) => `replaceAll(${sql}, char(30, ${code}), ${value})`, 'rest');

function resolvedRows(which: string): string {
  return `(SELECT partition, offset, shape, rest, ${RESOLVED} AS resolved FROM
    (SELECT *, tags, request_path, event_time_text FROM events WHERE ${which}))`;
}
