CREATE VIEW analyst_event_texts
(
    `time` DateTime64(3, 'UTC'),
    `received` DateTime64(3, 'UTC'),
    `source` LowCardinality(String),
    `sourceType` LowCardinality(String),
    `tenants` Array(String),
    `id` String,
    `eventType` LowCardinality(String),
    `action` LowCardinality(String),
    `outcome` LowCardinality(String),
    `severity` String,
    `name` String,
    `initiatorId` String,
    `initiatorType` LowCardinality(String),
    `initiatorName` LowCardinality(String),
    `initiatorProject` LowCardinality(String),
    `initiatorDomain` String,
    `initiatorAddress` LowCardinality(String),
    `initiatorAgent` LowCardinality(String),
    `targetId` String,
    `targetType` LowCardinality(String),
    `targetName` LowCardinality(String),
    `targetProject` String,
    `observerId` String,
    `observerType` String,
    `observerName` String,
    `reasonCode` LowCardinality(String),
    `requestPath` String,
    `tags` Array(String),
    `event` String
)
DEFINER = default SQL SECURITY DEFINER
AS WITH
    splitByChar(',', getSetting('query_cache_tag'), 3) AS scope,
    scope[3] AS scope_tenants,
    arrayFilter(tenant -> (tenant != ''), splitByChar(char(31), scope_tenants)) AS scope_items,
    arrayMap(tenant -> concat(char(31), tenant, char(31)), scope_items) AS scope_needles,
    toUInt8OrZero(extract(time_form, '^[0-9]+')) AS time_digits,
    replaceRegexpOne(toString(time_form), '^[0-9]+', '') AS time_zone,
    multiIf(startsWith(time_zone, '+'), 1, startsWith(time_zone, '-'), -1, 0) * ((toInt32OrZero(substring(time_zone, 2, 2)) * 60) + toInt32OrZero(right(time_zone, 2))) AS zone_minutes,
    addMinutes(event_time, zone_minutes) AS local_time,
    concat(formatDateTime(local_time, '%Y-%m-%dT%H:%i:%S', 'UTC'), if(time_digits = 0, '', '.'), substring(concat(substring(toString(event_time), 21, 3), if(time_digits > 3, leftPad(toString(time_below), time_digits - 3, '0'), '')), 1, time_digits), time_zone) AS event_time_text,
    replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(rest, char(30, 1), events.id), char(30, 2), initiator_id), char(30, 3), toString(initiator_project)), char(30, 4), target_id), char(30, 6), toString(initiator_name)), char(30, 7), toString(initiator_type)), char(30, 8), toString(initiator_address)), char(30, 9), toString(initiator_agent)), char(30, 10), initiator_domain), char(30, 11), toString(target_type)), char(30, 12), toString(target_name)), char(30, 13), target_project), char(30, 14), observer_own_id), char(30, 15), observer_own_type), char(30, 16), observer_own_name), char(30, 17), toString(reason_code)), char(30, 18), request_path), char(30, 19), toString(action)), char(30, 20), toString(outcome)), char(30, 21), toString(event_type)), char(30, 22), severity), char(30, 23), name), char(30, 24), tags[1]), char(30, 25), tags[2]), char(30, 26), tags[3]), char(30, 27), tags[4]), char(30, 28), tags[5]), char(30, 5), event_time_text) AS resolved
SELECT
    event_time AS time,
    received,
    source,
    source_type AS sourceType,
    arrayMap(tenant -> replaceAll(replaceAll(tenant, concat(char(30), '_'), char(31)), concat(char(30), '^'), char(30)), arrayFilter(tenant -> ((tenant != '') AND ((scope_tenants = '*') OR has(scope_items, tenant))), splitByChar(char(31), toString(tenant_set)))) AS tenants,
    events.id AS id,
    event_type AS eventType,
    action,
    outcome,
    severity,
    name,
    initiator_id AS initiatorId,
    initiator_type AS initiatorType,
    initiator_name AS initiatorName,
    initiator_project AS initiatorProject,
    initiator_domain AS initiatorDomain,
    initiator_address AS initiatorAddress,
    initiator_agent AS initiatorAgent,
    target_id AS targetId,
    target_type AS targetType,
    target_name AS targetName,
    target_project AS targetProject,
    observer_id AS observerId,
    observer_type AS observerType,
    observer_name AS observerName,
    reason_code AS reasonCode,
    request_path AS requestPath,
    tags,
    if(shape = 0, rest, arrayStringConcat(arrayMap((piece, value) -> concat(piece, value), shapes.pieces, arrayResize(splitByChar(char(31), resolved), length(shapes.pieces))))) AS event
FROM events
ANY LEFT JOIN shapes ON shapes.id = events.shape
WHERE (event_time >= fromUnixTimestamp64Milli(toInt64OrZero(scope[1]), 'UTC')) AND (event_time < fromUnixTimestamp64Milli(toInt64OrZero(scope[2]), 'UTC')) AND ((scope_tenants = '*') OR multiSearchAny(tenant_set, arraySlice(scope_needles, 1, 255)) OR multiSearchAny(tenant_set, arraySlice(scope_needles, 256, 255)) OR multiSearchAny(tenant_set, arraySlice(scope_needles, 511, 255)) OR multiSearchAny(tenant_set, arraySlice(scope_needles, 766, 255))) AND (hidden = 0) AND (((
    SELECT count()
    FROM events
    WHERE supersedes > 0
) = 0) OR (if(pending = 1, ((offset + 1) * 4096) + partition, 0) NOT IN (
    SELECT (supersedes * 4096) + partition
    FROM events
    WHERE supersedes > 0
))) AND (((
    SELECT count()
    FROM events
    WHERE overrules = 1
) = 0) OR ((((offset + 1) * 4096) + partition) NOT IN (
    SELECT (supersedes * 4096) + partition
    FROM events
    WHERE overrules = 1
)))
LIMIT 1000000000000000000;

CREATE VIEW analyst_events
(
    `time` DateTime64(3, 'UTC'),
    `received` DateTime64(3, 'UTC'),
    `source` LowCardinality(String),
    `sourceType` LowCardinality(String),
    `tenants` Array(String),
    `id` String,
    `eventType` LowCardinality(String),
    `action` LowCardinality(String),
    `outcome` LowCardinality(String),
    `severity` String,
    `name` String,
    `initiatorId` String,
    `initiatorType` LowCardinality(String),
    `initiatorName` LowCardinality(String),
    `initiatorProject` LowCardinality(String),
    `initiatorDomain` String,
    `initiatorAddress` LowCardinality(String),
    `initiatorAgent` LowCardinality(String),
    `targetId` String,
    `targetType` LowCardinality(String),
    `targetName` LowCardinality(String),
    `targetProject` String,
    `observerId` String,
    `observerType` String,
    `observerName` String,
    `reasonCode` LowCardinality(String),
    `requestPath` String,
    `tags` Array(String)
)
DEFINER = default SQL SECURITY DEFINER
AS WITH
    splitByChar(',', getSetting('query_cache_tag'), 3) AS scope,
    scope[3] AS scope_tenants,
    arrayFilter(tenant -> (tenant != ''), splitByChar(char(31), scope_tenants)) AS scope_items,
    arrayMap(tenant -> concat(char(31), tenant, char(31)), scope_items) AS scope_needles
SELECT
    event_time AS time,
    received,
    source,
    source_type AS sourceType,
    arrayMap(tenant -> replaceAll(replaceAll(tenant, concat(char(30), '_'), char(31)), concat(char(30), '^'), char(30)), arrayFilter(tenant -> ((tenant != '') AND ((scope_tenants = '*') OR has(scope_items, tenant))), splitByChar(char(31), toString(tenant_set)))) AS tenants,
    id,
    event_type AS eventType,
    action,
    outcome,
    severity,
    name,
    initiator_id AS initiatorId,
    initiator_type AS initiatorType,
    initiator_name AS initiatorName,
    initiator_project AS initiatorProject,
    initiator_domain AS initiatorDomain,
    initiator_address AS initiatorAddress,
    initiator_agent AS initiatorAgent,
    target_id AS targetId,
    target_type AS targetType,
    target_name AS targetName,
    target_project AS targetProject,
    observer_id AS observerId,
    observer_type AS observerType,
    observer_name AS observerName,
    reason_code AS reasonCode,
    request_path AS requestPath,
    tags
FROM events
WHERE (event_time >= fromUnixTimestamp64Milli(toInt64OrZero(scope[1]), 'UTC')) AND (event_time < fromUnixTimestamp64Milli(toInt64OrZero(scope[2]), 'UTC')) AND ((scope_tenants = '*') OR multiSearchAny(tenant_set, arraySlice(scope_needles, 1, 255)) OR multiSearchAny(tenant_set, arraySlice(scope_needles, 256, 255)) OR multiSearchAny(tenant_set, arraySlice(scope_needles, 511, 255)) OR multiSearchAny(tenant_set, arraySlice(scope_needles, 766, 255))) AND (hidden = 0) AND (((
    SELECT count()
    FROM events
    WHERE supersedes > 0
) = 0) OR (if(pending = 1, ((offset + 1) * 4096) + partition, 0) NOT IN (
    SELECT (supersedes * 4096) + partition
    FROM events
    WHERE supersedes > 0
))) AND (((
    SELECT count()
    FROM events
    WHERE overrules = 1
) = 0) OR ((((offset + 1) * 4096) + partition) NOT IN (
    SELECT (supersedes * 4096) + partition
    FROM events
    WHERE overrules = 1
)))
LIMIT 1000000000000000000;

CREATE TABLE dead_letters
(
    `id` String COMMENT 'partition-offset of its first appearance in the dead-letter topic',
    `received` DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    `source` LowCardinality(String),
    `source_type` LowCardinality(String),
    `submitter` LowCardinality(String),
    `tenant_set` LowCardinality(String) COMMENT 'U+001F, then each tenant and U+001F; empty for none',
    `stage` LowCardinality(String),
    `code` LowCardinality(String),
    `detail` String CODEC(ZSTD(1)),
    `record` String COMMENT 'The original bytes' CODEC(ZSTD(3)),
    `replayed` UInt8,
    `outcome` LowCardinality(String) COMMENT 'What the replay gave'
)
ENGINE = ReplacingMergeTree(replayed)
ORDER BY id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, index_granularity = 8192;

CREATE VIEW event_texts
(
    `partition` UInt32,
    `offset` UInt64,
    `text` String
)
AS WITH
    toUInt8OrZero(extract(time_form, '^[0-9]+')) AS time_digits,
    replaceRegexpOne(toString(time_form), '^[0-9]+', '') AS time_zone,
    multiIf(startsWith(time_zone, '+'), 1, startsWith(time_zone, '-'), -1, 0) * ((toInt32OrZero(substring(time_zone, 2, 2)) * 60) + toInt32OrZero(right(time_zone, 2))) AS zone_minutes,
    addMinutes(event_time, zone_minutes) AS local_time,
    concat(formatDateTime(local_time, '%Y-%m-%dT%H:%i:%S', 'UTC'), if(time_digits = 0, '', '.'), substring(concat(substring(toString(event_time), 21, 3), if(time_digits > 3, leftPad(toString(time_below), time_digits - 3, '0'), '')), 1, time_digits), time_zone) AS event_time_text,
    replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(rest, char(30, 1), id), char(30, 2), initiator_id), char(30, 3), toString(initiator_project)), char(30, 4), target_id), char(30, 6), toString(initiator_name)), char(30, 7), toString(initiator_type)), char(30, 8), toString(initiator_address)), char(30, 9), toString(initiator_agent)), char(30, 10), initiator_domain), char(30, 11), toString(target_type)), char(30, 12), toString(target_name)), char(30, 13), target_project), char(30, 14), observer_own_id), char(30, 15), observer_own_type), char(30, 16), observer_own_name), char(30, 17), toString(reason_code)), char(30, 18), request_path), char(30, 19), toString(action)), char(30, 20), toString(outcome)), char(30, 21), toString(event_type)), char(30, 22), severity), char(30, 23), name), char(30, 24), tags[1]), char(30, 25), tags[2]), char(30, 26), tags[3]), char(30, 27), tags[4]), char(30, 28), tags[5]), char(30, 5), event_time_text) AS resolved
SELECT
    events.partition AS partition,
    events.offset AS offset,
    if(shape = 0, rest, arrayStringConcat(arrayMap((piece, value) -> concat(piece, value), shapes.pieces, arrayResize(splitByChar(char(31), resolved), length(shapes.pieces))))) AS text
FROM events
ANY LEFT JOIN shapes ON shapes.id = events.shape;

CREATE TABLE events
(
    `month` UInt32 COMMENT 'Year and month of the newest received of the insert: one value per insert, so an insert is one part',
    `partition` UInt32 CODEC(ZSTD(1)),
    `offset` UInt64 CODEC(Delta(8), LZ4),
    `event_time` DateTime64(3, 'UTC') CODEC(Delta(8), T64, LZ4),
    `received` DateTime64(3, 'UTC') CODEC(Delta(8), T64, LZ4),
    `source` LowCardinality(String) CODEC(ZSTD(1)),
    `origin` LowCardinality(String) COMMENT 'source_type, submitter, profile, joined by U+001F' CODEC(ZSTD(1)),
    `source_type` LowCardinality(String) ALIAS substringIndex(origin, char(31), 1),
    `submitter` LowCardinality(String) ALIAS substringIndex(substringIndex(origin, char(31), 2), char(31), -1),
    `profile` LowCardinality(String) ALIAS substringIndex(origin, char(31), -1),
    `tenant_set` LowCardinality(String) COMMENT 'U+001F, then each tenant and U+001F; empty for none' CODEC(ZSTD(1)),
    `tenants` Array(String) ALIAS arrayFilter(tenant -> (tenant != ''), splitByChar(char(31), toString(tenant_set))),
    `id` String CODEC(ZSTD(1)),
    `event_type` LowCardinality(String) CODEC(ZSTD(1)),
    `action` LowCardinality(String) CODEC(ZSTD(1)),
    `outcome` LowCardinality(String) CODEC(ZSTD(1)),
    `severity` String CODEC(ZSTD(1)),
    `name` String CODEC(ZSTD(1)),
    `initiator_id` String CODEC(ZSTD(1)),
    `initiator_type` LowCardinality(String) CODEC(ZSTD(1)),
    `initiator_name` LowCardinality(String) CODEC(ZSTD(1)),
    `initiator_project` LowCardinality(String) CODEC(ZSTD(1)),
    `initiator_domain` String CODEC(ZSTD(1)),
    `initiator_address` LowCardinality(String) CODEC(ZSTD(1)),
    `initiator_agent` LowCardinality(String) CODEC(ZSTD(1)),
    `target_id` String CODEC(ZSTD(1)),
    `target_type` LowCardinality(String) CODEC(ZSTD(1)),
    `target_name` LowCardinality(String) CODEC(ZSTD(1)),
    `target_project` String CODEC(ZSTD(1)),
    `observer_ref` UInt8 COMMENT 'Role the observer points at: 1 initiator, 2 target; 0: itself' CODEC(ZSTD(1)),
    `observer_own_id` String CODEC(ZSTD(1)),
    `observer_own_type` String CODEC(ZSTD(1)),
    `observer_own_name` String CODEC(ZSTD(1)),
    `observer_id` String ALIAS multiIf(observer_ref = 2, target_id, observer_ref = 1, initiator_id, observer_own_id),
    `observer_type` String ALIAS multiIf(observer_ref = 2, toString(target_type), observer_ref = 1, toString(initiator_type), observer_own_type),
    `observer_name` String ALIAS multiIf(observer_ref = 2, toString(target_name), observer_ref = 1, toString(initiator_name), observer_own_name),
    `reason_code` LowCardinality(String) CODEC(ZSTD(1)),
    `request_path_ref` String COMMENT 'With references to other columns' CODEC(ZSTD(1)),
    `request_path` String ALIAS replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(request_path_ref, char(30, 1), id), char(30, 2), initiator_id), char(30, 3), toString(initiator_project)), char(30, 4), target_id), char(30, 29), char(30)),
    `tag_list` String COMMENT 'Each tag and U+001F; U+001F and U+001E in a tag as U+001E and _ or ^' CODEC(ZSTD(1)),
    `tags` Array(String) ALIAS arrayMap(tag -> replaceAll(replaceAll(tag, concat(char(30), '_'), char(31)), concat(char(30), '^'), char(30)), arrayPopBack(splitByChar(char(31), tag_list))),
    `hidden` UInt8 COMMENT '1: not the merged event, whatever comes' CODEC(ZSTD(1)),
    `pending` UInt8 COMMENT '1: the outcome is pending' CODEC(ZSTD(1)),
    `supersedes` UInt64 COMMENT 'Offset + 1 of the row of the same partition whose place as the merged event this one takes; 0: none' CODEC(ZSTD(1)),
    `overrules` UInt8 COMMENT '1: the row it supersedes has a final outcome' CODEC(ZSTD(1)),
    `join_chains` UInt8 COMMENT '1: reporter chains of earlier versions have to be joined' CODEC(ZSTD(1)),
    `has_chain` UInt8 CODEC(ZSTD(1)),
    `time_form` LowCardinality(String) COMMENT 'Digits of the fraction and zone of eventTime as written' CODEC(ZSTD(1)),
    `time_below` UInt32 COMMENT 'Digits of eventTime below the millisecond' CODEC(ZSTD(1)),
    `shape` UInt64 COMMENT '0: rest is the whole text' CODEC(ZSTD(1)),
    `rest` String COMMENT 'Hole values of the shape, joined by U+001F, with references to columns' CODEC(ZSTD(1)),
    `odd` UInt8 DEFAULT 255 COMMENT 'Bits: 1 a place that a text column stands for holds empty text, a list or an object; 2 rest has words that are not the event\'s; 4 stored before more_words was' CODEC(ZSTD(1)),
    `more_words` String COMMENT 'Words of the event that no column has as they are' CODEC(ZSTD(1)),
    `words` String ALIAS lower(concatWithSeparator(' ', id, initiator_id, target_id, rest, more_words, request_path_ref, tag_list, name, severity, initiator_domain, target_project, observer_own_id, observer_own_type, observer_own_name, event_type, action, outcome, initiator_type, initiator_name, initiator_project, initiator_address, initiator_agent, target_type, target_name, reason_code)) COMMENT 'All words that are not in the shape or the time',
    `event_time_text` String ALIAS if(time_form = '', '', concat(formatDateTime(addMinutes(event_time, multiIf(position(time_form, '+') > 0, 1, position(time_form, '-') > 0, -1, 0) * ((toInt32OrZero(extract(time_form, '[+-]([0-9]{2})')) * 60) + toInt32OrZero(extract(time_form, '[+-][0-9]{2}:?([0-9]{2})')))), '%Y-%m-%dT%H:%i:%S', 'UTC'), if(toUInt8OrZero(extract(time_form, '^[0-9]+')) = 0, '', '.'), substring(concat(substring(toString(event_time), 21, 3), if(toUInt8OrZero(extract(time_form, '^[0-9]+')) > 3, leftPad(toString(time_below), toUInt8OrZero(extract(time_form, '^[0-9]+')) - 3, '0'), '')), 1, toUInt8OrZero(extract(time_form, '^[0-9]+'))), replaceRegexpOne(toString(time_form), '^[0-9]+', ''))) COMMENT 'eventTime as written; empty where it is in rest',
    `place` UInt32 COMMENT 'Place among the records that were appended to the stream together' CODEC(Delta(4), ZSTD(1)),
    INDEX by_event_time event_time TYPE minmax GRANULARITY 1,
    INDEX by_id id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_initiator_id initiator_id TYPE bloom_filter(0.025) GRANULARITY 1,
    INDEX by_target_id target_id TYPE bloom_filter(0.025) GRANULARITY 1,
    INDEX by_initiator_name initiator_name TYPE bloom_filter(0.025) GRANULARITY 1,
    INDEX by_initiator_address initiator_address TYPE bloom_filter(0.025) GRANULARITY 1,
    INDEX by_word lower(concatWithSeparator(' ', id, initiator_id, target_id, rest, more_words, request_path_ref, tag_list, name, severity, initiator_domain, target_project, observer_own_id, observer_own_type, observer_own_name, event_type, action, outcome, initiator_type, initiator_name, initiator_project, initiator_address, initiator_agent, target_type, target_name, reason_code)) TYPE tokenbf_v1(49152, 4, 0) GRANULARITY 1,
    PROJECTION ends
    (
        SELECT
            partition,
            max(offset),
            min(toUnixTimestamp64Milli(event_time)),
            max(toUnixTimestamp64Milli(event_time)),
            count()
        GROUP BY partition
    )
)
ENGINE = MergeTree
PARTITION BY month
ORDER BY (partition, offset)
SETTINGS index_granularity = 2048, min_compress_block_size = 16384, lightweight_mutation_projection_mode = 'rebuild', merge_selector_base = 10, fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1;

CREATE TABLE migrations
(
    `number` UInt32,
    `name` String,
    `checksum` String COMMENT 'SHA-256 of the file',
    `applied` DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY number
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE shapes
(
    `id` UInt64 COMMENT 'First 8 bytes of the SHA-256 of body',
    `body` String COMMENT 'JSON: {"pieces":[…],"holes":[…]}' CODEC(ZSTD(3)),
    `pieces` Array(String) ALIAS JSONExtract(body, 'pieces', 'Array(String)'),
    `holes` Array(String) ALIAS JSONExtract(body, 'holes', 'Array(String)'),
    `constants` Array(String) MATERIALIZED arrayMap(text -> (arrayMap(whole -> arrayMap(v -> multiIf(startsWith(v, '"'), JSONExtractString(v), match(v, '^(?:true|false|-?[1-9][0-9]{0,14})$'), v, JSONExtractFloat(v) = 0, '0', replaceRegexpOne(toString(JSONExtractFloat(v)), 'e([0-9])', 'e+\\1')), arrayFilter(v -> (v != 'null'), arrayFold((acc, i) -> arrayFlatten(arrayMap(v -> multiIf(startsWith(v, '['), JSONExtractArrayRaw(v), startsWith(v, '{'), arrayMap(s -> arrayMap(p -> (((p.1).2).2), arrayFilter(p -> (((((p.1).2).1) != (((p.2).2).1)) OR (((p.1).1) = ((p.2).1))), arrayZip(s, arrayResize(arrayPopFront(s), length(s), s[-1])))), [arraySort(m -> ((m.2).1, m.1), arrayZip(arrayEnumerate(JSONExtractKeysAndValuesRaw(v)), JSONExtractKeysAndValuesRaw(v)))])[1], [v]), acc)), range(if(arrayExists(v -> (startsWith(v, '[') OR startsWith(v, '{')), arrayFlatten(arrayMap(v -> multiIf(startsWith(v, '['), JSONExtractArrayRaw(v), startsWith(v, '{'), arrayMap(s -> arrayMap(p -> (((p.1).2).2), arrayFilter(p -> (((((p.1).2).1) != (((p.2).2).1)) OR (((p.1).1) = ((p.2).1))), arrayZip(s, arrayResize(arrayPopFront(s), length(s), s[-1])))), [arraySort(m -> ((m.2).1, m.1), arrayZip(arrayEnumerate(JSONExtractKeysAndValuesRaw(v)), JSONExtractKeysAndValuesRaw(v)))])[1], [v]), [whole]))), 64, 0)), arrayFlatten(arrayMap(v -> multiIf(startsWith(v, '['), JSONExtractArrayRaw(v), startsWith(v, '{'), arrayMap(s -> arrayMap(p -> (((p.1).2).2), arrayFilter(p -> (((((p.1).2).1) != (((p.2).2).1)) OR (((p.1).1) = ((p.2).1))), arrayZip(s, arrayResize(arrayPopFront(s), length(s), s[-1])))), [arraySort(m -> ((m.2).1, m.1), arrayZip(arrayEnumerate(JSONExtractKeysAndValuesRaw(v)), JSONExtractKeysAndValuesRaw(v)))])[1], [v]), [whole]))))), [if(match(text, '\\\\u[dD][89a-fA-F]|[-0-9.]{19}|(?:[:,\\[][ \\t\\r\\n]*|^[ \\t\\r\\n]*)-?[0-9.]+[eE]\\+?[0-9]{3}'), arrayStringConcat(arrayMap(piece -> multiIf(startsWith(piece, '"'), replaceAll(replaceAll(replaceRegexpAll(replaceRegexpAll(replaceAll(piece, '\\\\', char(1)), '\\\\u([dD][89abAB][0-9a-fA-F]{2})\\\\u([dD][c-fC-F][0-9a-fA-F]{2})', concat(char(2), '\\1', char(2), '\\2')), '\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\ufffd'), char(2), '\\u'), char(1), '\\\\'), match(piece, '^[-0-9]'), multiIf(isInfinite(toFloat64OrZero(piece)), if(startsWith(piece, '-'), '"-Infinity"', '"Infinity"'), length(piece) <= 17, piece, (abs(toFloat64OrZero(piece)) >= 9000000000000000000.) AND (abs(toFloat64OrZero(piece)) < 1e21), concat('"', toString(toFloat64OrZero(piece)), '"'), toString(toFloat64OrZero(piece))), piece), extractAll(text, '"(?:[^"\\\\]|\\\\.)*"|[-0-9][-+0-9.eE]*|[^-0-9"]+'))), text)])[1]), [arrayStringConcat(arrayMap((p, i) -> if((i = length(pieces)) OR endsWith(p, '"'), p, concat(p, 'null')), pieces, arrayEnumerate(pieces)))])[1] COMMENT 'Texts of the values that all events of the shape share'
)
ENGINE = ReplacingMergeTree
ORDER BY id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, index_granularity = 8192;
