/**
 * Pages that are made of the code, and kept equal to it. `npm run test:golden` does not touch them: run
 * `CADF_UPDATE_DOCS=1 npx vitest run test/docs.test.ts`, then read what changed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { faultCodes, xmlFaults } from '@cadf-pipeline/cadf-model';
import { controlErrors } from '@cadf-pipeline/control-state';
import { exportErrors, exportSettings } from '@cadf-pipeline/export';
import { ingestErrors, ingestSettings, itemFaults } from '@cadf-pipeline/ingest';
import { queryErrors, querySettings } from '@cadf-pipeline/query';
import { keystoneSettings } from '@cadf-pipeline/keystone';
import { backendSettings, hostSettings } from '@cadf-pipeline/service-host';
import {
  dependencyErrors,
  frameworkErrors,
  listenSettings,
  renderErrorsTable,
  renderSettingsTable,
} from '@cadf-pipeline/service-kit';
import { expect, test } from 'vitest';
import { createRetrySchedule } from '../services/export/src/delivery/retry-schedule.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

function expectPage(path: string, expected: string): void {
  const file = join(root, path);
  if (process.env['CADF_UPDATE_DOCS'] === '1') writeFileSync(file, expected);
  expect(readFileSync(file, 'utf8')).toBe(expected);
}

function meanings(rows: readonly (readonly [string, string, string])[]): string {
  return [
    '| code | meaning | what to do |',
    '| --- | --- | --- |',
    ...rows.map(
      ([code, title, hint]) =>
        `| \`${code}\` | ${title.replaceAll('|', '\\|')} | ${hint.replaceAll('|', '\\|')} |`,
    ),
    '',
  ].join('\n');
}

test('docs/errors.md lists every error of the code and no other', () => {
  const faults = Object.entries({ ...faultCodes, ...xmlFaults }).map(
    ([code, { title, hint }]) => [code, title, hint] as const,
  );
  const items = Object.entries(itemFaults).map(([code, text]) => {
    const [meaning = '', ...rest] = text.split(/(?<=\.) /);
    return [code, meaning, rest.join(' ')] as const;
  });
  expectPage(
    'docs/errors.md',
    `# Errors

Made of the code's own tables; a test keeps this page and the code equal.

## Problems

A request that fails is answered with RFC 9457 problem details (\`application/problem+json\`): \`type\`, \`title\`, \`status\`, a stable \`code\`, \`detail\` for this time, \`retryable\`, \`hint\`, \`requestId\`. Decide by \`code\`. Where \`retry\` is yes, the same request may succeed later; \`Retry-After\` says when.

${renderErrorsTable([frameworkErrors, dependencyErrors, controlErrors, ingestErrors, queryErrors, exportErrors])}
## Items of a submission

What concerns one event of a submission stands in \`results\`, with the place of the event in the request; the others are taken.

${meanings(items)}
## Faults of events

What validation finds, by profile an error or a warning: see [profiles.md](profiles.md).

${meanings(faults)}`,
  );
});

test('docs/configuration.md lists every setting', () => {
  expectPage(
    'docs/configuration.md',
    `# Configuration

Settings are environment variables, read once at start; all faults are told at once. Durations have a unit (\`250ms\`, \`30s\`, \`5m\`, \`12h\`, \`7d\`), sizes too (\`64KiB\`, \`16MiB\`, \`2GiB\`). Made of the code's own tables; a test keeps this page and the code equal.

## Every process

${renderSettingsTable({ ...listenSettings, ...hostSettings })}
## Tokens of Keystone

${renderSettingsTable(keystoneSettings)}
## Stream and store

${renderSettingsTable(backendSettings)}
## Intake

${renderSettingsTable(ingestSettings)}
## Query

${Object.keys(querySettings).length === 0 ? 'No settings of its own: the bounds of queries are the store’s.\n' : renderSettingsTable(querySettings)}
## Subscriptions

${renderSettingsTable(exportSettings)}`,
  );
});

test('docs/subscriptions.md has the schedule of retries of the code', () => {
  const schedule = createRetrySchedule({ random: () => 0.5 });
  const rows: string[] = [];
  for (let nowMs = 0; ;) {
    const next = schedule.next({ failures: rows.length + 1, firstAttemptMs: 0, nowMs });
    const pause = next === 'parked' ? 'parked' : span(next - nowMs);
    rows.push(`| ${rows.length + 1} | ${nowMs === 0 ? 'at once' : span(nowMs)} | ${pause} |`);
    if (next === 'parked') break;
    nowMs = next;
  }
  const table = ['| attempt | after the first | then, if it fails |', '| --- | --- | --- |', ...rows].join(
    '\n',
  );
  const path = 'docs/subscriptions.md';
  const page = readFileSync(join(root, path), 'utf8');
  const [before = '', rest = ''] = page.split('<!-- retries: made of the code -->\n');
  const after = rest.slice(rest.indexOf('<!-- retries: end -->'));
  expectPage(path, `${before}<!-- retries: made of the code -->\n${table}\n${after}`);
});

/** `7 h 35 min 35 s`. */
function span(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  return parts.flatMap(([count, unit]) => (count === 0 ? [] : [`${count} ${unit}`])).join(' ');
}
