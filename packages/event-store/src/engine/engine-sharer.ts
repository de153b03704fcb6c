/**
 * Another thread of this process that uses the same engine.
 *
 * When a thread that loaded the engine ends, the package (chdb 3.4.0) frees the connections of all threads; the next
 * statement on one of them would end the process. So a thread ends after the connections here were closed, and after
 * one that ended before, nothing here is used any more.
 */
export interface EngineSharer {
  /** Closes its connections; the thread goes on. Called while nothing runs here: both at once breaks the engine. */
  close(): Promise<void>;
  /** Why nothing may be used any more; undefined while all is well. */
  lost(): string | undefined;
}
