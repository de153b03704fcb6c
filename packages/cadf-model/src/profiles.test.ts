import { expect, test } from 'vitest';
import { documentFaults, referenceFault } from './document/fault.ts';
import type { FaultCode, FaultCodeEntry } from './fault-codes.ts';
import { faultCodes } from './fault-codes.ts';
import { isProfileName, profileNames, profiles, profileSummaries } from './profiles.ts';
import { xmlFaults } from './xml/fault.ts';

function renderProfiles(): string {
  const codes = Object.keys(faultCodes) as FaultCode[];
  const mark = { error: 'error', warning: 'warning', off: '–' };
  return [
    '# Profiles',
    '',
    '<!-- Made from packages/cadf-model/src/profiles.ts and fault-codes.ts. Rewrite: npx vitest run packages/cadf-model/src/profiles.test.ts --update -->',
    '',
    'An event is checked against one profile. Each fault has a stable code; the profile says how grave it is: an',
    '`error` refuses the event, a `warning` is only told, `–` says nothing. Members that the standard does not name',
    'are allowed in every profile. Bounds on lengths, and a usable `id`, hold in every profile.',
    '',
    ...profileNames.map((name) => `- \`${name}\`: ${profileSummaries[name]}`),
    '',
    '## Codes',
    '',
    `| code | meaning | ${profileNames.join(' | ')} |`,
    `|---|---|${profileNames.map(() => '---').join('|')}|`,
    ...codes.map((code) => {
      const severities = profileNames.map((name) => mark[profiles[name][code]]);
      return `| \`${code}\` | ${faultCodes[code].title} | ${severities.join(' | ')} |`;
    }),
    '',
    '## Repair',
    '',
    '| code | how to mend it |',
    '|---|---|',
    ...codes.map((code) => `| \`${code}\` | ${faultCodes[code].hint.replaceAll('|', '\\|')} |`),
    '',
    '## Documents and XML',
    '',
    'Codes of what is around the events, the same in every profile.',
    '',
    '| code | severity | meaning | how to mend it |',
    '|---|---|---|---|',
    ...Object.entries(documentFaults).map(([code, fault]) => row(code, 'error', fault)),
    ...Object.entries(referenceFault).map(([code, fault]) => row(code, 'warning', fault)),
    ...Object.entries(xmlFaults).map(([code, fault]) => row(code, fault.severity, fault)),
    '',
  ].join('\n');
}

function row(code: string, severity: string, fault: FaultCodeEntry): string {
  return `| \`${code}\` | ${severity} | ${fault.title} | ${fault.hint} |`;
}

test('docs/profiles.md says what the code does', async () => {
  await expect(renderProfiles()).toMatchFileSnapshot('../../../docs/profiles.md');
});

test('what is an error under lenient is one everywhere, and an event without an id passes nowhere', () => {
  for (const code of Object.keys(faultCodes) as FaultCode[]) {
    if (profiles.lenient[code] !== 'error') continue;
    for (const name of profileNames) expect(profiles[name][code], `${name} ${code}`).toBe('error');
  }
  expect(profiles.lenient.CADF_ID_MISSING).toBe('error');
});

test('strict switches nothing off', () => {
  for (const severity of Object.values(profiles.strict)) expect(severity).not.toBe('off');
});

test('names of profiles are told from other texts', () => {
  expect(isProfileName('openstack')).toBe(true);
  expect(isProfileName('toString')).toBe(false);
});
