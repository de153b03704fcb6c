import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { expect, onTestFinished, test } from 'vitest';

const module = new URL('./shutdown.ts', import.meta.url).href;

/** Runs a process that installs shutdown with the given steps, sends the signals one by one, and tells how it ended. */
async function run(
  steps: string,
  signals: readonly NodeJS.Signals[],
  deadlineMs = 20_000,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const script = `
    import { installShutdown } from ${JSON.stringify(module)};
    const say = (text) => console.log(text);
    const log = (fields, message) => say('log ' + message + (fields.step ? ' ' + fields.step : ''));
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    let release;
    const released = new Promise((resolve) => (release = resolve));
    setInterval(() => {}, 1000);
    installShutdown({ deadlineMs: ${deadlineMs}, logger: { info: log, error: log, fatal: log }, steps: ${steps} });
    say('up');`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  let sent = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    // One signal when it is up, the next whenever a step asks for it.
    const asked = output.split('up\n').length - 1 + output.split('next signal\n').length - 1;
    while (sent < Math.min(asked, signals.length)) child.kill(signals[sent++]);
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, output };
}

test('the steps run in order, each after the one before has ended, and the process exits 0', async () => {
  const steps = `[
    { name: 'one', run: async () => { await sleep(20); say('one done'); } },
    { name: 'two', run: () => say('two done') },
  ]`;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const { code, output } = await run(steps, [signal]);
    expect([code, output]).toEqual([0, 'up\nlog shutting down\none done\ntwo done\nlog shut down\n']);
  }
});

test('a failing step does not stop the others, and the process exits 1', async () => {
  const steps = `[
    { name: 'one', run: () => { throw new Error('no'); } },
    { name: 'two', run: async () => { throw new Error('no'); } },
    { name: 'three', run: () => say('three done') },
  ]`;
  const { code, output } = await run(steps, ['SIGTERM']);
  expect([code, output]).toEqual([
    1,
    'up\nlog shutting down\nlog shutdown step failed one\nlog shutdown step failed two\nthree done\nlog shut down\n',
  ]);
});

test('a step that hangs ends with the deadline and exit 1', async () => {
  const steps = `[{ name: 'hangs', run: () => released }, { name: 'never', run: () => say('never') }]`;
  const { code, output } = await run(steps, ['SIGTERM'], 50);
  expect([code, output]).toEqual([1, 'up\nlog shutting down\nlog shutdown took too long hangs\n']);
});

test('a second signal exits 1 at once', async () => {
  const steps = `[{ name: 'hangs', run: () => { say('next signal'); return released; } }]`;
  const { code, output } = await run(steps, ['SIGTERM', 'SIGINT']);
  expect([code, output.split('\n').at(-2)]).toEqual([1, 'log second signal: leaving without waiting']);
});

test('an uncaught error runs the steps and exits 1', async () => {
  const steps = `(setTimeout(() => { throw new Error('bug'); }, 1), [{ name: 'one', run: () => say('one done') }])`;
  const { code, output } = await run(steps, []);
  expect([code, output]).toEqual([1, 'up\nlog uncaught error\nlog shutting down\none done\nlog shut down\n']);
  const rejection = await run(`(Promise.reject(new Error('bug')), [])`, []);
  expect([rejection.code, rejection.output]).toEqual([
    1,
    'up\nlog uncaught error\nlog shutting down\nlog shut down\n',
  ]);
});
