/** That what deploy/ says fits the code: settings, commands, files. No container engine is needed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exportSettings } from '@cadf-pipeline/export';
import { ingestSettings, checkIngestSettings } from '@cadf-pipeline/ingest';
import { keystoneSettings } from '@cadf-pipeline/keystone';
import { querySettings } from '@cadf-pipeline/query';
import { backendSettings, hostSettings } from '@cadf-pipeline/service-host';
import { listenSettings, loadConfig, resolveListen, unknownSettings } from '@cadf-pipeline/service-kit';
import type { Settings } from '@cadf-pipeline/service-kit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { composeVariables, readCompose } from './support/compose.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const env = {
  CADF_BOOTSTRAP_KEY: '0f3a9c5577e1b2d4688a0c1e2f3d4b5a69788796a5b4c3d2e1f00112233aabbc',
  CADF_CLICKHOUSE_PASSWORD: '7c1de5f8a90b2346',
};
const compose = readCompose(env);
const shared = { ...listenSettings, ...hostSettings, ...backendSettings, ...keystoneSettings };
const ownSettings: Readonly<Record<string, Settings>> = {
  ingest: ingestSettings,
  query: querySettings,
  export: exportSettings,
};
const ours = Object.entries(compose.services).filter(([, { image }]) => image === 'cadf-pipeline');

test('compose runs every service that is a process of its own', () => {
  const services = readdirSync(join(root, 'services')).filter((name) => name !== 'standalone');
  expect(ours.map(([name]) => name).toSorted()).toEqual(services.toSorted());
  expect(compose.services['ingest']?.deploy?.replicas).toBe(2);
});

describe.each(ours)('%s', (name, service) => {
  const own = ownSettings[name] ?? {};

  test('its command names a program of the service', () => {
    const [program, entry = '', ...rest] = service.command ?? [];
    expect([program, entry, rest]).toEqual(['node', `services/${name}/src/main.ts`, []]);
    expect(existsSync(join(root, entry))).toBe(true);
  });

  test('its environment holds settings it knows, with values it takes', () => {
    expect(unknownSettings([shared, own], service.environment, '')).toEqual([]);
    const config = loadConfig(shared, service.environment);
    expect(resolveListen(config)).toEqual({ host: '0.0.0.0', port: 8080 });
    loadConfig(own, service.environment);
    if (name === 'ingest') loadConfig(ingestSettings, service.environment, { check: checkIngestSettings });
    // Scaled: the services share a stream and a store.
    expect(config.CADF_KAFKA_BROKERS).toEqual(['kafka:9092']);
    expect(config.CADF_CLICKHOUSE_URL).toBe('http://clickhouse:8123');
    expect(config.CADF_BOOTSTRAP_KEY?.reveal()).toBe(env.CADF_BOOTSTRAP_KEY);
  });

  test('it has time to write out what it accepted before it is killed', () => {
    const { CADF_SHUTDOWN_TIMEOUT: timeoutMs, CADF_SHUTDOWN_DELAY: delayMs } = loadConfig(
      shared,
      service.environment,
    );
    const [, seconds] = /^(\d+)s$/.exec(service.stop_grace_period ?? '') ?? [];
    expect(Number(seconds) * 1000).toBeGreaterThan(timeoutMs + delayMs);
  });

  test('it is built from the Dockerfile, does not run as root and waits for what it needs', () => {
    const { context = '', dockerfile = '' } = service.build ?? {};
    expect(resolve(root, 'deploy', context, dockerfile)).toBe(join(root, 'deploy/Dockerfile'));
    expect(service.user).toBe('node');
    expect(service.depends_on).toEqual({
      kafka: { condition: 'service_healthy' },
      clickhouse: { condition: 'service_healthy' },
    });
  });
});

test('ports are open to this machine only, one per replica and none twice', () => {
  const taken = Object.values(compose.services).flatMap(({ ports = [], deploy }) =>
    ports.flatMap((port) => {
      const [, first, last] = /^127\.0\.0\.1:(\d+)(?:-(\d+))?:8080$/.exec(port) ?? [];
      const count = Number(last ?? first) - Number(first) + 1;
      expect(count, port).toBe(deploy?.replicas ?? 1);
      return Array.from({ length: count }, (_, index) => Number(first) + index);
    }),
  );
  expect(new Set(taken).size).toBe(taken.length);
});

test('a directory that all processes of a service need is a volume, which the image gives to its user', () => {
  const made = /install -d -o node -g node -m 0700 ([^&\n]*)/
    .exec(read('deploy/Dockerfile'))?.[1]
    ?.split(' ');
  for (const [name, setting] of [
    ['export', 'CADF_EXPORT_DIR'],
    ['ingest', 'CADF_IMPORT_DIR'],
  ] as const) {
    const { environment = {}, volumes = [] } = compose.services[name] ?? {};
    const directory = environment[setting];
    expect(volumes.map((volume) => volume.split(':')[1])).toContain(directory);
    expect(made).toContain(directory);
  }
  expect(compose.services['ingest']?.environment['CADF_INGEST_ROLES']?.split(',')).toContain('import');
});

test('every service has a health check, every volume it names exists, every image a version', () => {
  for (const [name, { healthcheck, volumes = [], image, build }] of Object.entries(compose.services)) {
    expect(healthcheck.test.length, name).toBeGreaterThan(1);
    for (const volume of volumes) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
    if (build === undefined) expect(image).toMatch(/:\d+\.\d+(\.\d+)?$/);
  }
});

test('ClickHouse and the services agree on user and password', () => {
  const { CLICKHOUSE_USER: user, CLICKHOUSE_PASSWORD: password } =
    compose.services['clickhouse']!.environment;
  for (const [, { environment }] of ours) {
    expect(environment['CADF_CLICKHOUSE_USER']).toBe(user);
    expect(environment['CADF_CLICKHOUSE_PASSWORD']).toBe(password);
  }
});

test('without the secrets compose refuses to start, and .env.example names every variable', () => {
  for (const name of Object.keys(env)) expect(() => readCompose({ ...env, [name]: '' })).toThrow(name);
  const listed = [...read('deploy/.env.example').matchAll(/^([A-Z0-9_]+)=/gm)].map(([, name]) => name);
  expect(new Set(listed)).toEqual(composeVariables());
});

test.each([
  ['alive', 200, [], 0],
  ['not alive', 500, [], 1],
  ['ready', 200, ['/readyz'], 0],
  ['not ready', 503, ['/readyz'], 1],
])('the health check tells a service that is %s', async (_name, status, paths, expected) => {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(status).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  expect(await healthcheck(port, paths)).toBe(expected);
  expect(asked).toEqual([paths[0] ?? '/healthz']);
});

test('the health check tells a service that does not listen', async () => {
  expect(await healthcheck(1, [])).toBe(1);
});

async function healthcheck(port: number, commandLine: readonly string[]): Promise<unknown> {
  const child = spawn(process.execPath, ['deploy/healthcheck.js', ...commandLine], {
    cwd: root,
    env: { CADF_HTTP_PORT: String(port) },
  });
  const [status] = (await once(child, 'exit')) as unknown[];
  return status;
}

describe('the image', () => {
  const dockerfile = read('deploy/Dockerfile');
  const ignored = read('deploy/Dockerfile.dockerignore').split('\n');

  test('it copies what exists and what the build context holds', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(\S+) \S+$/gm)].map(([, path = '']) => path);
    expect(copied).toContain('packages');
    for (const path of copied.filter((one) => one !== '.')) {
      expect(existsSync(join(root, path)), path).toBe(true);
      expect(ignored, path).toContain(`!${path}`);
    }
  });

  test('it holds every folder that code reads at run time', () => {
    // The migrations are read from deploy/clickhouse, the taxonomy is data at the root.
    for (const folder of ['packages', 'services', 'taxonomy', 'deploy/clickhouse']) {
      expect(dockerfile).toContain(`COPY ${folder} ./${folder}\n`);
    }
  });

  test('its command and its health check name files of it, and it does not run as root', () => {
    expect(dockerfile).toContain('CMD ["node", "services/standalone/src/main.ts"]');
    expect(existsSync(join(root, 'services/standalone/src/main.ts'))).toBe(true);
    expect(dockerfile).toContain('CMD ["node", "deploy/healthcheck.js"]');
    expect(dockerfile.lastIndexOf('\nUSER node\n')).toBeGreaterThan(dockerfile.lastIndexOf('\nFROM '));
  });

  test('its Node is the one the project is developed with', () => {
    const manifest = JSON.parse(read('package.json')) as { dependencies: { node: string } };
    const [major] = manifest.dependencies.node.split('.');
    expect(dockerfile).toContain(`ARG NODE_IMAGE=node:${major}-bookworm-slim\n`);
  });
});
