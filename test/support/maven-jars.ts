/**
 * Jars of a program for tests, resolved once from Maven Central into `.cache/<name>-<version>/libs` (not kept in git).
 * Several test processes may start at once: one resolves, the others wait for it.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface JarSet {
  /** What it is, in lower case: `kafka`. */
  readonly name: string;
  readonly version: string;
  /** `group:artifact:version`; what they depend on comes along. */
  readonly jars: readonly string[];
  /** `group:artifact` (`*` for all) of what they depend on and that is not needed. */
  readonly without?: readonly string[];
}

const CACHE = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '.cache');
const RESOLVE_TIMEOUT_MS = 180_000;
const run = promisify(execFile);

/** Why the program cannot be started here, or undefined when it can. */
export async function jarsMissing(set: JarSet): Promise<string | undefined> {
  if (!(await runs('java', '-version'))) return 'there is no java';
  if (existsSync(libsFolder(set))) return undefined;
  return (await runs('mvn', '--version')) ? undefined : `there is no mvn to fetch ${set.name} with`;
}

/** The folder with the jars; fetches them when it is not there. Throws with Maven's words when that fails. */
export async function fetchJars(set: JarSet): Promise<string> {
  const libs = libsFolder(set);
  await mkdir(CACHE, { recursive: true });
  const lock = join(CACHE, `${set.name}-${set.version}.lock`);
  const deadline = Date.now() + RESOLVE_TIMEOUT_MS;
  while (!existsSync(libs)) {
    if (await take(lock)) {
      try {
        if (!existsSync(libs)) await resolve(libs, set);
      } finally {
        await rm(lock, { recursive: true, force: true });
      }
    } else if (Date.now() > deadline)
      throw new Error(`another process holds ${lock} and does not finish; remove it`);
    else await sleep(100);
  }
  return libs;
}

function libsFolder({ name, version }: JarSet): string {
  return join(CACHE, `${name}-${version}`, 'libs');
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

async function resolve(libs: string, set: JarSet): Promise<void> {
  const work = await mkdtemp(join(CACHE, 'resolve-'));
  try {
    await writeFile(join(work, 'pom.xml'), pom(set));
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

function pom({ name, jars, without = [] }: JarSet): string {
  const exclusions = without
    .map((one) => {
      const [group, artifact] = one.split(':');
      return `<exclusion><groupId>${group}</groupId><artifactId>${artifact}</artifactId></exclusion>`;
    })
    .join('');
  const dependencies = jars.map((one) => {
    const [group, artifact, version] = one.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version><exclusions>${exclusions}</exclusions></dependency>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion>
<groupId>local</groupId><artifactId>${name}-for-tests</artifactId><version>1</version>
<dependencies>
${dependencies.join('\n')}
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
