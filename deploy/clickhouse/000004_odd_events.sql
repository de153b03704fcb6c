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
    TYPE tokenbf_v1(24576, 4, 0) GRANULARITY 1;
