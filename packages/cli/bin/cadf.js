#!/usr/bin/env node
/**
 * Starts the `cadf` command. The sources are TypeScript that Node 24 runs as it is; started by an older Node (20 or
 * later), this file runs itself again with the Node 24 that `npm ci` put beside the project.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED_MAJOR = 24;
/** As for wrong usage: what was asked for was not begun. */
const CANNOT_START = 2;
const main = new URL('../src/main.ts', import.meta.url);

if (Number.parseInt(process.versions.node, 10) >= NEEDED_MAJOR) await import(main.href);
else runAgain();

function runAgain() {
  const node = projectNode();
  if (node === undefined) {
    process.stderr.write(
      `cadf: this is Node ${process.versions.node}; Node ${NEEDED_MAJOR} or later is needed. Run \`npm ci\` in the project, which brings one along.\n`,
    );
    process.exitCode = CANNOT_START;
    return;
  }
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit' });
  const relays = relaySignals(child);
  child.on('error', (error) => {
    process.stderr.write(`cadf: ${node} cannot be started: ${error.message}\n`);
    process.exitCode = CANNOT_START;
  });
  child.on('exit', (status, signal) => {
    for (const [name, relay] of relays) process.off(name, relay);
    process.exitCode = status ?? 128 + (constants.signals[signal] ?? 0);
    // Whoever started this one sees it end as the child did.
    if (signal !== null) process.kill(process.pid, signal);
  });
}

/** The program of the npm package `node`; undefined where it is not installed or its install script did not run. */
function projectNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve('node/package.json');
    const path = join(dirname(manifest), JSON.parse(readFileSync(manifest, 'utf8')).bin.node);
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Passes signals on while the child runs. A terminal sends its own (Ctrl-C, Ctrl-\) to both processes at once; those
 * are only outlived here, because a second one means "at once" to a command that is shutting down.
 */
function relaySignals(child) {
  const fromTerminal = process.stdin.isTTY === true;
  return ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'].map((name) => {
    const outliveOnly = fromTerminal && (name === 'SIGINT' || name === 'SIGQUIT');
    const relay = () => {
      if (!outliveOnly) child.kill(name);
    };
    process.on(name, relay);
    return [name, relay];
  });
}
