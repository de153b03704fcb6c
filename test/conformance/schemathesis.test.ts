/** A short pass of Schemathesis over a running service; the long one is `node test/conformance/schemathesis.ts`. */
import { expect, test } from 'vitest';
import { runSchemathesis, schemathesisMissing } from '../support/schemathesis.ts';
import { startSeededService } from '../support/seeded-service.ts';

const missing = await schemathesisMissing();
if (missing !== undefined) {
  if (process.env['CI'] === 'true') throw new Error(`Schemathesis is needed and cannot be run: ${missing}`);
  process.stderr.write(`left out: what Schemathesis asks of the service (${missing})\n`);
}

test.skipIf(missing !== undefined)(
  'every operation answers its examples, and what is made up from its schemas and against them, as it says it does',
  async () => {
    const service = await startSeededService();
    try {
      const verdict = await runSchemathesis({
        url: service.url,
        key: service.key,
        known: service.known,
        args: ['--phases', 'examples,fuzzing', '--max-examples', '5'],
        timeoutMs: 400_000,
      });
      expect(verdict.code, verdict.output).toBe(0);
    } finally {
      await service.stop();
      service.clean();
    }
  },
  500_000,
);
