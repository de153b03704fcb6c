-- What filters need to be exact: where the typed columns do not tell an event's whole truth, and the words of events. Rows
-- from before have all bits of odd set: filters go by their text.

ALTER TABLE events ADD COLUMN IF NOT EXISTS odd UInt8 DEFAULT 255
    COMMENT 'Bits: 1 a place that a text column stands for holds empty text, a list or an object; 2 rest has words that are not the event''s; 4 stored before more_words was'
    CODEC(ZSTD(1));

ALTER TABLE events ADD COLUMN IF NOT EXISTS more_words String
    COMMENT 'Words of the event that no column has as they are' CODEC(ZSTD(1));

ALTER TABLE events ADD COLUMN IF NOT EXISTS words String
    ALIAS lower(concatWithSeparator(' ', id, initiator_id, target_id, rest, more_words, request_path_ref, tag_list, name, severity, initiator_domain, target_project, observer_own_id, observer_own_type, observer_own_name, event_type, action, outcome, initiator_type, initiator_name, initiator_project, initiator_address, initiator_agent, target_type, target_name, reason_code))
    COMMENT 'All words that are not in the shape or the time';

ALTER TABLE events ADD COLUMN IF NOT EXISTS event_time_text String
    ALIAS if(time_form = '', '', concat(
        formatDateTime(
            addMinutes(event_time, multiIf(position(time_form, '+') > 0, 1, position(time_form, '-') > 0, -1, 0)
                * (toInt32OrZero(extract(time_form, '[+-]([0-9]{2})')) * 60 + toInt32OrZero(extract(time_form, '[+-][0-9]{2}:?([0-9]{2})')))),
            '%Y-%m-%dT%H:%i:%S', 'UTC'),
        if(toUInt8OrZero(extract(time_form, '^[0-9]+')) = 0, '', '.'),
        substring(
            concat(
                substring(toString(event_time), 21, 3),
                if(toUInt8OrZero(extract(time_form, '^[0-9]+')) > 3, leftPad(toString(time_below), toUInt8OrZero(extract(time_form, '^[0-9]+')) - 3, '0'), '')),
            1,
            toUInt8OrZero(extract(time_form, '^[0-9]+'))),
        replaceRegexpOne(toString(time_form), '^[0-9]+', '')))
    COMMENT 'eventTime as written; empty where it is in rest';

ALTER TABLE events ADD INDEX IF NOT EXISTS by_word lower(concatWithSeparator(' ', id, initiator_id, target_id, rest, more_words, request_path_ref, tag_list, name, severity, initiator_domain, target_project, observer_own_id, observer_own_type, observer_own_name, event_type, action, outcome, initiator_type, initiator_name, initiator_project, initiator_address, initiator_agent, target_type, target_name, reason_code))
    TYPE tokenbf_v1(49152, 4, 0) GRANULARITY 1;

-- The shape as a JSON text whose holes are empty ('' inside quotes, null for a number), its leaves as a filter sees them:
-- made by the same expression as those of an event (packages/event-filter/src/sql/json-values.ts).
ALTER TABLE shapes ADD COLUMN IF NOT EXISTS constants Array(String)
    MATERIALIZED arrayMap(text -> arrayMap(whole -> arrayMap(v -> multiIf(startsWith(v, '"'), JSONExtractString(v), match(v, '^(?:true|false|-?[1-9][0-9]{0,14})$'), v, JSONExtractFloat(v) = 0, '0', replaceRegexpOne(toString(JSONExtractFloat(v)), 'e([0-9])', 'e+\\1')),
        arrayFilter(v -> v != 'null', arrayFold((acc, i) -> arrayFlatten(
        arrayMap(v -> multiIf(startsWith(v, '['), JSONExtractArrayRaw(v), startsWith(v, '{'), arrayMap(s -> arrayMap(p -> p.1.2.2, arrayFilter(p -> p.1.2.1 != p.2.2.1 OR p.1.1 = p.2.1, arrayZip(s, arrayResize(arrayPopFront(s), length(s), s[-1])))), [arraySort(m -> (m.2.1, m.1), arrayZip(arrayEnumerate(JSONExtractKeysAndValuesRaw(v)), JSONExtractKeysAndValuesRaw(v)))])[1], [v]), acc)),
        range(if(arrayExists(v -> startsWith(v, '[') OR startsWith(v, '{'), arrayFlatten(
        arrayMap(v -> multiIf(startsWith(v, '['), JSONExtractArrayRaw(v), startsWith(v, '{'), arrayMap(s -> arrayMap(p -> p.1.2.2, arrayFilter(p -> p.1.2.1 != p.2.2.1 OR p.1.1 = p.2.1, arrayZip(s, arrayResize(arrayPopFront(s), length(s), s[-1])))), [arraySort(m -> (m.2.1, m.1), arrayZip(arrayEnumerate(JSONExtractKeysAndValuesRaw(v)), JSONExtractKeysAndValuesRaw(v)))])[1], [v]), [whole]))), 64, 0)), arrayFlatten(
        arrayMap(v -> multiIf(startsWith(v, '['), JSONExtractArrayRaw(v), startsWith(v, '{'), arrayMap(s -> arrayMap(p -> p.1.2.2, arrayFilter(p -> p.1.2.1 != p.2.2.1 OR p.1.1 = p.2.1, arrayZip(s, arrayResize(arrayPopFront(s), length(s), s[-1])))), [arraySort(m -> (m.2.1, m.1), arrayZip(arrayEnumerate(JSONExtractKeysAndValuesRaw(v)), JSONExtractKeysAndValuesRaw(v)))])[1], [v]), [whole]))))),
        [if(match(text, '\\\\u[dD][89a-fA-F]|[-0-9.]{19}|(?:[:,\\[][ \\t\\r\\n]*|^[ \\t\\r\\n]*)-?[0-9.]+[eE]\\+?[0-9]{3}'), arrayStringConcat(
        arrayMap(piece -> multiIf(startsWith(piece, '"'), replaceAll(replaceAll(replaceRegexpAll(replaceRegexpAll(replaceAll(piece, '\\\\', char(1)), '\\\\u([dD][89abAB][0-9a-fA-F]{2})\\\\u([dD][c-fC-F][0-9a-fA-F]{2})', concat(char(2), '\\1', char(2), '\\2')), '\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\ufffd'), char(2), '\\u'), char(1), '\\\\'), match(piece, '^[-0-9]'), multiIf(isInfinite(toFloat64OrZero(piece)), if(startsWith(piece, '-'), '"-Infinity"', '"Infinity"'), length(piece) <= 17, piece, abs(toFloat64OrZero(piece)) >= 9e18 AND abs(toFloat64OrZero(piece)) < 1e21, concat('"', toString(toFloat64OrZero(piece)), '"'), toString(toFloat64OrZero(piece))), piece), extractAll(text, '"(?:[^"\\\\]|\\\\.)*"|[-0-9][-+0-9.eE]*|[^-0-9"]+'))), text)])[1],
        [arrayStringConcat(arrayMap((p, i) -> if(i = length(pieces) OR endsWith(p, '"'), p, concat(p, 'null')), pieces, arrayEnumerate(pieces)))])[1]
    COMMENT 'Texts of the values that all events of the shape share';

ALTER TABLE shapes MATERIALIZE COLUMN constants;
