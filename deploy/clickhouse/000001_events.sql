-- Events and the shapes of their texts. Column by column in docs/decisions/0003-event-table.md.

CREATE TABLE IF NOT EXISTS shapes
(
    `id` UInt64 COMMENT 'First 8 bytes of the SHA-256 of body',
    `body` String COMMENT 'JSON: {"pieces":[…],"holes":[…]}' CODEC(ZSTD(3)),
    `pieces` Array(String) ALIAS JSONExtract(body, 'pieces', 'Array(String)'),
    `holes` Array(String) ALIAS JSONExtract(body, 'holes', 'Array(String)')
)
ENGINE = ReplacingMergeTree
ORDER BY id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1;

CREATE TABLE IF NOT EXISTS events
(
    `month` UInt32 COMMENT 'Year and month of the newest received of the insert: one value per insert, so an insert is one part',
    `partition` UInt32 CODEC(ZSTD(1)),
    `offset` UInt64 CODEC(Delta(8), LZ4),
    `event_time` DateTime64(3, 'UTC') CODEC(Delta(8), T64, LZ4),
    `received` DateTime64(3, 'UTC') CODEC(Delta(8), T64, LZ4),
    `source` LowCardinality(String) CODEC(ZSTD(1)),
    `source_type` LowCardinality(String) CODEC(ZSTD(1)),
    `submitter` LowCardinality(String) CODEC(ZSTD(1)),
    `profile` LowCardinality(String) CODEC(ZSTD(1)),
    `tenants` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `id` String CODEC(ZSTD(1)),
    `event_type` LowCardinality(String) CODEC(ZSTD(1)),
    `action` LowCardinality(String) CODEC(ZSTD(1)),
    `outcome` LowCardinality(String) CODEC(ZSTD(1)),
    `severity` LowCardinality(String) CODEC(ZSTD(1)),
    `name` LowCardinality(String) CODEC(ZSTD(1)),
    `initiator_id` String CODEC(ZSTD(1)),
    `initiator_type` LowCardinality(String) CODEC(ZSTD(1)),
    `initiator_name` LowCardinality(String) CODEC(ZSTD(1)),
    `initiator_project` LowCardinality(String) CODEC(ZSTD(1)),
    `initiator_domain` LowCardinality(String) CODEC(ZSTD(1)),
    `initiator_address` LowCardinality(String) CODEC(ZSTD(1)),
    `initiator_agent` LowCardinality(String) CODEC(ZSTD(1)),
    `target_id` String CODEC(ZSTD(1)),
    `target_type` LowCardinality(String) CODEC(ZSTD(1)),
    `target_name` LowCardinality(String) CODEC(ZSTD(1)),
    `target_project` LowCardinality(String) CODEC(ZSTD(1)),
    `observer_ref` LowCardinality(String) COMMENT 'Role the observer points at' CODEC(ZSTD(1)),
    `observer_own_id` String CODEC(ZSTD(1)),
    `observer_own_type` LowCardinality(String) CODEC(ZSTD(1)),
    `observer_own_name` LowCardinality(String) CODEC(ZSTD(1)),
    `observer_id` String ALIAS multiIf(observer_ref = 'target', target_id, observer_ref = 'initiator', initiator_id, observer_own_id),
    `observer_type` String ALIAS multiIf(observer_ref = 'target', toString(target_type), observer_ref = 'initiator', toString(initiator_type), toString(observer_own_type)),
    `observer_name` String ALIAS multiIf(observer_ref = 'target', toString(target_name), observer_ref = 'initiator', toString(initiator_name), toString(observer_own_name)),
    `reason_code` LowCardinality(String) CODEC(ZSTD(1)),
    `request_path_ref` String COMMENT 'With references to other columns' CODEC(ZSTD(1)),
    `request_path` String ALIAS replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(request_path_ref, '\x1E\x01', id), '\x1E\x02', initiator_id), '\x1E\x03', toString(initiator_project)), '\x1E\x04', target_id), '\x1E\x1D', '\x1E'),
    `tags` Array(String) CODEC(ZSTD(1)),
    `current` UInt8 COMMENT '0: never the merged event' CODEC(ZSTD(1)),
    `pending` UInt8 COMMENT '1: the outcome is pending' CODEC(ZSTD(1)),
    `supersedes` UInt64 COMMENT 'Offset + 1 of the row of the same partition whose place as the merged event this one takes; 0: none' CODEC(ZSTD(1)),
    `overrules` UInt8 COMMENT '1: the row it supersedes has a final outcome' CODEC(ZSTD(1)),
    `join_chains` UInt8 COMMENT '1: reporter chains of earlier versions have to be joined' CODEC(ZSTD(1)),
    `has_chain` UInt8 CODEC(ZSTD(1)),
    `time_form` LowCardinality(String) COMMENT 'Digits of the fraction and zone of eventTime as written' CODEC(ZSTD(1)),
    `time_below` UInt32 COMMENT 'Digits of eventTime below the millisecond' CODEC(ZSTD(1)),
    `shape` UInt64 COMMENT '0: rest is the whole text' CODEC(ZSTD(1)),
    `rest` String COMMENT 'Hole values of the shape, joined by U+001F, with references to columns' CODEC(ZSTD(1)),
    INDEX by_event_time event_time TYPE minmax GRANULARITY 1,
    INDEX by_id id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_initiator_id initiator_id TYPE bloom_filter(0.025) GRANULARITY 1,
    INDEX by_target_id target_id TYPE bloom_filter(0.025) GRANULARITY 1,
    INDEX by_initiator_name initiator_name TYPE bloom_filter(0.025) GRANULARITY 1,
    INDEX by_initiator_address initiator_address TYPE bloom_filter(0.025) GRANULARITY 1,
    INDEX by_tenants tenants TYPE bloom_filter(0.025) GRANULARITY 1,
    -- Where each partition ends and which times it spans, without reading it.
    PROJECTION ends
    (
        SELECT partition, max(offset), min(event_time), max(event_time), count()
        GROUP BY partition
    )
)
ENGINE = MergeTree
PARTITION BY month
ORDER BY (partition, offset)
SETTINGS
    index_granularity = 2048,
    min_compress_block_size = 16384,
    lightweight_mutation_projection_mode = 'rebuild',
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1;
