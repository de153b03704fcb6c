-- The order of acceptance between partitions: time of receipt, then the place among what was appended together.

ALTER TABLE events ADD COLUMN IF NOT EXISTS place UInt32
    COMMENT 'Place among the records that were appended to the stream together' CODEC(Delta(4), ZSTD(1));
