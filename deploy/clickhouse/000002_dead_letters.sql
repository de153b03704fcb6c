-- Records that could not be taken and whose sender could not be told. A letter is put again when it was replayed: the
-- row with the higher `replayed` stays, whatever the order they arrive in.

CREATE TABLE IF NOT EXISTS dead_letters
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
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1;
