/** That what deploy/ says fits the code: settings, commands, files. No container engine is needed. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ingestSettings, checkIngestSettings } from '@cadf-pipeline/ingest';
import { querySettings } from '@cadf-pipeline/query';
import { backendSettings, hostSettings } from '@cadf-pipeline/service-host';
import { listenSettings, loadConfig, resolveListen, unknownSettings } from '@cadf-pipeline/service-kit';
import type { Settings } from '@cadf-pipeline/service-kit';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command?: readonly string[];
  readonly user?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly deploy?: { readonly replicas: number };
  readonly stop_grace_period?: string;
  readonly healthcheck: { readonly test: readonly string[] };
}

interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const VARIABLE = /\$\{([A-Z0-9_]+)(?:(:-|:\?)([^}]*))?\}/g;
const composeText = read('deploy/compose.yaml');

/** The file as Compose reads it: merge keys resolved, variables filled in from `env`. Throws for a variable that must be given. */
function composeWith(env: Readonly<Record<string, string>>): ComposeFile {
  const text = composeText.replaceAll(
    VARIABLE,
    (_all, name: string, kind: string | undefined, rest: string) => {
      const value = env[name] ?? '';
      if (value !== '') return value;
      if (kind === ':-') return rest;
      throw new Error(`${name}: ${rest}`);
    },
  );
  return parse(text, { merge: true, uniqueKeys: true, strict: true }) as ComposeFile;
}

const env = {
  CADF_BOOTSTRAP_KEY: '0f3a9c5577e1b2d4688a0c1e2f3d4b5a69788796a5b4c3d2e1f00112233aabbc',
  CADF_CLICKHOUSE_PASSWORD: '7c1de5f8a90b2346',
};
const compose = composeWith(env);
const shared = { ...listenSettings, ...hostSettings, ...backendSettings };
const ownSettings: Readonly<Record<string, Settings>> = {
  ingest: ingestSettings,
  query: querySettings,
  export: {},
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
  for (const name of Object.keys(env)) expect(() => composeWith({ ...env, [name]: '' })).toThrow(name);
  const named = [...composeText.matchAll(VARIABLE)].map(([, name]) => name);
  const listed = [...read('deploy/.env.example').matchAll(/^([A-Z0-9_]+)=/gm)].map(([, name]) => name);
  expect(new Set(listed)).toEqual(new Set(named));
});

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
