import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { arbitraryEvent } from '../../../test/support/arbitrary-event.ts';
import { buildReporterstep } from './build.ts';
import { isValid } from './fault.ts';
import { appendReporterStep, appendReporterStepText, chainNames, isInChain } from './reporter-chain.ts';
import { validateEvent } from './validate/event.ts';

const step = buildReporterstep({
  role: 'relay',
  reporterId: 'urn:uuid:here',
  reporterTime: 1_795_219_200_000,
});
const json = JSON.stringify(step);

describe('appending a step', () => {
  test('to any valid event keeps it valid, adds the name, and is the same on the object and on its text', () => {
    fc.assert(
      fc.property(arbitraryEvent, fc.constantFrom(undefined, 1, '\t'), (event, space) => {
        const appended = appendReporterStep(event, step);
        expect(isValid(validateEvent(appended, 'strict'))).toBe(true);
        expect(chainNames(appended)).toEqual([...new Set([...chainNames(event), 'urn:uuid:here'])]);
        const text = JSON.stringify(event, undefined, space);
        const written = appendReporterStepText(text, step);
        expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(appended)));
        // Evidence: the text without the step is the text as it was.
        const at = written.lastIndexOf(json);
        expect(written.length - text.length).toBeLessThanOrEqual(json.length + ',"reporterchain":[]'.length);
        expect(text).toContain(written.slice(at + json.length).replace(/^\]/, ''));
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    ['{}', `{"reporterchain":[${json}]}`],
    [' { "a": 12345678901234567890 }\n', ` { "a": 12345678901234567890 ,"reporterchain":[${json}]}\n`],
    ['{"reporterchain": [ ] }', `{"reporterchain": [ ${json}] }`],
    ['{"reporterchain":[{"role":"relay"} ]}', `{"reporterchain":[{"role":"relay"} ,${json}]}`],
    ['{"reporterchain":null,"a":1}', `{"reporterchain":[${json}],"a":1}`],
    ['{"reporterch\\u0061in":[1]}', `{"reporterch\\u0061in":[1,${json}]}`],
    ['{"reportersteps":[1]}', `{"reportersteps":[1,${json}]}`],
    ['{"reporterchain":[1],"reporterchain":[2]}', `{"reporterchain":[1],"reporterchain":[2,${json}]}`],
    ['{"a":{"reporterchain":[1]}}', `{"a":{"reporterchain":[1]},"reporterchain":[${json}]}`],
  ])('%s', (text, expected) => {
    expect(appendReporterStepText(text, step)).toBe(expected);
  });

  test.each(['[]', '"a"', '{"reporterchain":{}}', `{"reporterchain":[${Array(1024).fill('1')}]}`])(
    'is refused where there is no room for it: %.30s',
    (text) => {
      expect(() => appendReporterStepText(text, step)).toThrow(
        expect.objectContaining({ code: 'CADF_REPORTERCHAIN_UNUSABLE' }),
      );
    },
  );
});

describe('names in a chain', () => {
  const event = {
    target: { id: 'service-7', typeURI: 'service/compute' },
    observer: { id: 'target' },
    reporterchain: [
      { role: 'modifier', reporter: { id: 'observer' } },
      { role: 'modifier', reporter: { id: 'target' } },
      { role: 'relay', reporter: { id: 'relay-1', typeURI: 'service' } },
      { role: 'relay', reporterId: 'relay-2' },
      { role: 'relay' },
      'nobody',
    ],
  };

  test('are those of both forms, with short forms resolved', () => {
    expect(chainNames(event)).toEqual(['service-7', 'relay-1', 'relay-2']);
  });

  test('are found in the text, also written with escapes, and only in the chain', () => {
    const text = JSON.stringify(event);
    expect(isInChain(text, ['other', 'relay-2'])).toBe(true);
    expect(isInChain(text.replace('relay-1', 'relay\\u002d1'), ['relay-1'])).toBe(true);
    expect(isInChain(text.replace('"service"', '"relay-9"'), ['relay-9'])).toBe(false);
  });
});
