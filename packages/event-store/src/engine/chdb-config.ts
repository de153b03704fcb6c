/** What the engine in the process may use: by itself it would take most of the machine for caches. */
import { writeFileSync } from 'node:fs';

export interface ChdbMemory {
  /** Bytes the engine may hold in all; what needs more fails with STORE_LIMIT_MEMORY. */
  readonly maxEngineMemoryBytes: number;
}

const MB = 1024 * 1024;

/** By itself the engine wants a GiB for each thread: with what it may hold here, a query would have one thread. */
const MIN_MEMORY_PER_THREAD = 128 * MB;

/** Every session is its own user's `default`; what it may do is told by the roles it takes. */
export const ANALYST_ROLE = 'cadf_analyst';
const SERVICE_ROLE = 'cadf_service';

/**
 * Users of the engine: one, with two roles, all of whose rights are those of its roles, so that a session which takes
 * the role of analysts has no others. https://clickhouse.com/docs/operations/settings/settings-users
 */
export function writeChdbUsers(path: string, readable: readonly string[]): void {
  const grants = readable.map((table) => `<query>GRANT SELECT ON ${table}</query>`).join('');
  writeFileSync(
    path,
    `<clickhouse>
  <profiles><default>
    <max_threads_min_free_memory_per_thread>${MIN_MEMORY_PER_THREAD}</max_threads_min_free_memory_per_thread>
  </default></profiles>
  <quotas><default></default></quotas>
  <roles>
    <${SERVICE_ROLE}><grants><query>GRANT ALL ON *.*</query></grants></${SERVICE_ROLE}>
    <${ANALYST_ROLE}><grants>${grants}</grants></${ANALYST_ROLE}>
  </roles>
  <users>
    <default>
      <password></password>
      <profile>default</profile>
      <quota>default</quota>
      <grants><query>GRANT ${SERVICE_ROLE}</query><query>GRANT ${ANALYST_ROLE}</query></grants>
    </default>
  </users>
</clickhouse>
`,
  );
}

/** Server settings of ClickHouse, https://clickhouse.com/docs/operations/server-configuration-parameters/settings */
export function writeChdbConfig(path: string, usersPath: string, memory: ChdbMemory): void {
  const settings: Record<string, number | string> = {
    users_config: usersPath,
    max_server_memory_usage: memory.maxEngineMemoryBytes,
    mark_cache_size: 64 * MB,
    index_mark_cache_size: 32 * MB,
    primary_index_cache_size: 64 * MB,
    uncompressed_cache_size: 0,
    index_uncompressed_cache_size: 0,
    query_condition_cache_size: 16 * MB,
    mmap_cache_size: 0,
    compiled_expression_cache_size: 16 * MB,
    vector_similarity_index_cache_size: 0,
    text_index_tokens_cache_size: 16 * MB,
    text_index_header_cache_size: 16 * MB,
    text_index_postings_cache_size: 32 * MB,
    parquet_metadata_cache_size: 0,
    iceberg_metadata_files_cache_size: 0,
    // Loading tables beside the first queries was seen to wait for ever.
    async_load_databases: 0,
    async_load_system_database: 0,
    // Merging waits for whoever waits for an answer.
    os_threads_nice_value_merge_mutate: 10,
    background_pool_size: 2,
    background_schedule_pool_size: 2,
  };
  const lines = Object.entries(settings).map(
    ([name, value]) => `  <${name}>${xmlText(String(value))}</${name}>`,
  );
  writeFileSync(path, `<clickhouse>\n${lines.join('\n')}\n</clickhouse>\n`);
}

/** A path may hold what is a sign of XML. */
function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
