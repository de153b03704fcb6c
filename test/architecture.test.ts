/** Who may import whom, and that nothing speaks of machines or registries: the layout of docs/architecture.md, held. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const SCOPE = '@cadf-pipeline/';

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('node_modules'));
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const imports = /^(?:import|export)\b[^;']*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm;
  return [...text.matchAll(imports)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

/** `packages/event-store` or `services/ingest`: the part of the layout a file belongs to. */
function partOf(file: string): string {
  return relative(root, file).split('/').slice(0, 2).join('/');
}

function partsImported(file: string): string[] {
  return importsOf(file).flatMap((specifier) => {
    if (specifier.startsWith(SCOPE)) {
      const name = specifier.slice(SCOPE.length).split('/')[0] ?? '';
      return [existsSync(join(root, 'packages', name)) ? `packages/${name}` : `services/${name}`];
    }
    if (specifier.startsWith('.')) return [partOf(resolve(dirname(file), specifier))];
    return [];
  });
}

const isTest = (file: string): boolean =>
  /\.test(?:-support)?\.ts$|\/(?:bench|test)\//.test(relative(root, file));

test('packages import no services', () => {
  const faults = sourceFiles('packages')
    .filter((file) => !isTest(file))
    .filter((file) => partsImported(file).some((part) => part.startsWith('services/')))
    .map((file) => relative(root, file));
  expect(faults).toEqual([]);
});

test('services import no other service; standalone alone composes them', () => {
  const faults = sourceFiles('services')
    .filter((file) => !isTest(file) && partOf(file) !== 'services/standalone')
    .filter((file) =>
      partsImported(file).some((part) => part.startsWith('services/') && part !== partOf(file)),
    )
    .map((file) => relative(root, file));
  expect(faults).toEqual([]);
});

test('code outside test/ imports nothing from test/', () => {
  const faults = [...sourceFiles('packages'), ...sourceFiles('services')]
    .filter((file) => !isTest(file))
    .filter((file) => partsImported(file).some((part) => part.startsWith('test/')))
    .map((file) => relative(root, file));
  expect(faults).toEqual([]);
});

test('the model imports only its schema and XML libraries', () => {
  const allowed = new Set(['saxes', 'typebox']);
  const foreign = sourceFiles('packages/cadf-model/src')
    .filter((file) => !isTest(file))
    .flatMap((file) => importsOf(file))
    .filter((specifier) => !specifier.startsWith('.') && !allowed.has(specifier.split('/')[0] ?? ''));
  expect(foreign).toEqual([]);
});

test('a package is imported by its name, never by a path into it', () => {
  const faults = [...sourceFiles('packages'), ...sourceFiles('services')].flatMap((file) =>
    importsOf(file)
      .filter((specifier) => specifier.startsWith('.'))
      .filter((specifier) => partOf(resolve(dirname(file), specifier)) !== partOf(file))
      .filter(() => !isTest(file))
      .map((specifier) => `${relative(root, file)}: ${specifier}`),
  );
  // The taxonomy is data at the root of the tree, and the migrations are under deploy/.
  expect(faults.filter((fault) => !/(taxonomy|deploy)\//.test(fault))).toEqual([]);
});

test('each dependency that code imports is declared by its workspace', () => {
  const faults = [...sourceFiles('packages'), ...sourceFiles('services')]
    .filter((file) => !isTest(file))
    .flatMap((file) => {
      const manifest: unknown = JSON.parse(readFileSync(join(root, partOf(file), 'package.json'), 'utf8'));
      const declared =
        typeof manifest === 'object' && manifest !== null && 'dependencies' in manifest
          ? Object.keys(manifest.dependencies as object)
          : [];
      return importsOf(file)
        .filter((specifier) => !/^(\.|node:|@cadf-pipeline\/)/.test(specifier))
        .map((specifier) =>
          specifier
            .split('/')
            .slice(0, specifier.startsWith('@') ? 2 : 1)
            .join('/'),
        )
        .filter((name) => !declared.includes(name))
        .map((name) => `${relative(root, file)}: ${name}`);
    });
  expect(faults).toEqual([]);
});

test('no committed file names a path of a build machine', () => {
  const files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter(Boolean);
  const faults = files.filter((file) => {
    const path = join(root, file);
    return (
      existsSync(path) && /(^|[^\w.])\/(wor[k]|hom[e]\/[a-z]+|roo[t])\//.test(readFileSync(path, 'utf8'))
    );
  });
  expect(faults.filter((file) => !file.includes('fixtures/'))).toEqual([]);
});
