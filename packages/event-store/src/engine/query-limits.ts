import type { QueryLimits } from '../interface.ts';

/** Bounds of one reading query unless the factory is told otherwise. */
export const DEFAULT_QUERY_LIMITS: QueryLimits = {
  maxRowsRead: 1_000_000_000,
  maxBytesRead: 200_000_000_000,
  maxSeconds: 60,
  maxMemoryBytes: 512 * 1024 * 1024,
};

/** Past them the engine throws; nothing is cut off silently (overflow modes are `throw`). */
export function limitSettings(limits: QueryLimits): Record<string, string | number> {
  return {
    max_rows_to_read: limits.maxRowsRead,
    max_bytes_to_read: limits.maxBytesRead,
    max_execution_time: limits.maxSeconds,
    max_memory_usage: limits.maxMemoryBytes,
    read_overflow_mode: 'throw',
    timeout_overflow_mode: 'throw',
  };
}

/** 0 is no limit. Said on every read, because settings of a session stay. */
export const NO_LIMITS = limitSettings({ maxRowsRead: 0, maxBytesRead: 0, maxSeconds: 0, maxMemoryBytes: 0 });
