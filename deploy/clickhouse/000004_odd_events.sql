-- Where the typed columns do not tell an event's whole truth, so that filters know when to ask its text. Rows from before
-- have all bits set.

ALTER TABLE events ADD COLUMN IF NOT EXISTS odd UInt8 DEFAULT 255
    COMMENT 'Bit 1: a place that a text column stands for holds empty text, a list or an object. Bit 2: words of rest are not those of the event'
    CODEC(ZSTD(1));
