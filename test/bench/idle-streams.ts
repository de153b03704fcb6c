/** What connections to the stream of live events take that wait for what does not happen. */
import { rmSync } from 'node:fs';
import { startService } from '../support/service.ts';
import { openLiveStream } from './live-stream.ts';
import { residentBytes } from './process-figures.ts';
import { printSection } from './report.ts';

const CONNECTIONS = 2000;
const OPENED_AT_ONCE = 100;
const STAND_MS = 20_000;

export async function benchIdleStreams(): Promise<void> {
  const service = await startService({
    env: { CADF_LOG_LEVEL: 'error', CADF_LIVE_CONNECTIONS_OF_ONE: String(2 * CONNECTIONS) },
  });
  const pid = service.process.pid ?? 0;
  const ends: (() => void)[] = [];
  const open = async (index: number): Promise<void> => {
    ends.push(await openLiveStream(service, `initiator/name = 'user-${index}'`, () => undefined));
  };
  const stand = (): Promise<void> => new Promise((resume) => setTimeout(resume, STAND_MS / 2));
  try {
    // What the first one takes is the tail's own.
    await open(0);
    await stand();
    const before = residentBytes(pid);
    const started = performance.now();
    for (let opened = 1; opened < CONNECTIONS; opened += OPENED_AT_ONCE)
      await Promise.all(
        Array.from({ length: Math.min(OPENED_AT_ONCE, CONNECTIONS - opened) }, (_, index) =>
          open(opened + index),
        ),
      );
    const seconds = (performance.now() - started) / 1000;
    const samples: number[] = [];
    for (let turn = 0; turn < 4; turn++) {
      await stand();
      samples.push(residentBytes(pid));
    }
    printSection(
      `Subscriptions: ${CONNECTIONS} idle connections to live events, embedded`,
      `Each with a filter of its own that nothing meets, no compression; resident memory of the service with them less that with one, highest of four readings in 40 s, heartbeats included.`,
      [
        { question: 'memory that they take', value: (Math.max(...samples) - before) / 1e6, unit: 'MB' },
        { question: 'resident memory with them', value: Math.max(...samples) / 1e6, unit: 'MB' },
        { question: 'opened in', value: seconds, unit: 's' },
      ],
    );
  } finally {
    for (const end of ends) end();
    await service.kill();
    rmSync(service.dataDir, { recursive: true, force: true });
  }
}
