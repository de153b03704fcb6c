/**
 * Apache Kafka's jars, resolved once from Maven Central into `.cache/kafka-<version>/libs` (not kept in git).
 * Several test processes may start at once: one resolves, the others wait for it.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const KAFKA_VERSION = '4.1.1';
const SLF4J_VERSION = '1.7.36';
const CACHE = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '.cache');
const RESOLVE_TIMEOUT_MS = 180_000;
const run = promisify(execFile);

/** Why Kafka cannot be started here, or undefined when it can. */
export async function kafkaMissing(): Promise<string | undefined> {
  if (!(await runs('java', '-version'))) return 'there is no java';
  if (existsSync(libsFolder())) return undefined;
  return (await runs('mvn', '--version')) ? undefined : 'there is no mvn to fetch Apache Kafka with';
}

/** The folder with the jars; fetches them when it is not there. Throws with Maven's words when that fails. */
export async function kafkaJars(): Promise<string> {
  const libs = libsFolder();
  await mkdir(CACHE, { recursive: true });
  const lock = join(CACHE, `kafka-${KAFKA_VERSION}.lock`);
  const deadline = Date.now() + RESOLVE_TIMEOUT_MS;
  while (!existsSync(libs)) {
    if (await take(lock)) {
      try {
        if (!existsSync(libs)) await resolve(libs);
      } finally {
        await rm(lock, { recursive: true, force: true });
      }
    } else if (Date.now() > deadline)
      throw new Error(`another process holds ${lock} and does not finish; remove it`);
    else await sleep(100);
  }
  return libs;
}

function libsFolder(): string {
  return join(CACHE, `kafka-${KAFKA_VERSION}`, 'libs');
}

/** Making a folder is atomic; one left behind by a killed process is taken over when it is old. */
async function take(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
    return true;
  } catch {
    const age = await stat(lock).then(
      (found) => Date.now() - found.mtimeMs,
      () => 0,
    );
    if (age > RESOLVE_TIMEOUT_MS) await rm(lock, { recursive: true, force: true });
    return false;
  }
}

async function resolve(libs: string): Promise<void> {
  const work = await mkdtemp(join(CACHE, 'resolve-'));
  try {
    await writeFile(join(work, 'pom.xml'), pom());
    await run(
      'mvn',
      ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${join(work, 'libs')}`],
      {
        cwd: work,
        timeout: RESOLVE_TIMEOUT_MS,
      },
    );
    await mkdir(dirname(libs), { recursive: true });
    await rename(join(work, 'libs'), libs);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function pom(): string {
  const dependency = (group: string, artifact: string, version: string): string =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion>
<groupId>local</groupId><artifactId>kafka-for-tests</artifactId><version>1</version>
<dependencies>
${dependency('org.apache.kafka', 'kafka_2.13', KAFKA_VERSION)}
${dependency('org.slf4j', 'slf4j-simple', SLF4J_VERSION)}
</dependencies>
</project>
`;
}

async function runs(command: string, argument: string): Promise<boolean> {
  try {
    await run(command, [argument], { timeout: 30_000 });
    return true;
  } catch {
    return false;
  }
}
