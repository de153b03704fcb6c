/**
 * Asks a service of its own everything that its API document says can be asked, and more:
 * `node test/conformance/schemathesis.ts [arguments of "schemathesis run"]`, 30 cases per operation unless said otherwise.
 */
import { runSchemathesis, schemathesisMissing } from '../support/schemathesis.ts';
import { startSeededService } from '../support/seeded-service.ts';

const HOUR_MS = 3_600_000;

const missing = await schemathesisMissing();
if (missing !== undefined) throw new Error(`Schemathesis cannot be run: ${missing}`);
const service = await startSeededService();
try {
  const { code } = await runSchemathesis({
    url: service.url,
    key: service.key,
    known: service.known,
    args: ['--max-examples', '30', ...process.argv.slice(2)],
    timeoutMs: HOUR_MS,
    onOutput: (text) => void process.stdout.write(text),
  });
  process.exitCode = code ?? 1;
} finally {
  await service.stop();
  service.clean();
}
