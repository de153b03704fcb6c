/**
 * The simulated cloud as a process of its own: `node test/support/cimi/main.ts [milliseconds of a step]` writes
 * `{"url":"…"}` of its entry point, moves its jobs and its meter one step each time, and ends with its standard input.
 */
import { startCimiProvider } from '../cimi-provider.ts';

const stepMs = Number(process.argv[2] ?? 250);
if (!Number.isSafeInteger(stepMs) || stepMs < 1)
  throw new Error('The milliseconds of a step are a whole number from 1 on');

const provider = await startCimiProvider({
  clock: Date.now,
  capabilities: ['FilterParameter', 'FirstParameter', 'OrderByParameter', 'ExpandParameter'],
});
provider.put('Meter', 'meters/1', {
  name: 'load of host-1',
  targetResource: { href: 'machines/1' },
  aspect: 'http://schemas.dmtf.org/cimi/2/aspect/cpu',
  units: 'percent',
  timeScope: 'Point',
  samples: { href: 'meters/1/samples' },
});
let steps = 0;
const steady = setInterval(() => {
  provider.advance();
  if (steps++ % 10 === 0)
    provider.addSample('meters/1', {
      timestamp: new Date().toISOString(),
      value: String(20 + ((steps * 7) % 60)),
    });
}, stepMs);
process.stdout.write(`${JSON.stringify({ url: provider.url })}\n`);
process.stdin.resume();
process.stdin.once('end', () => {
  clearInterval(steady);
  void provider.close();
});
