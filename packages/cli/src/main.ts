/** The process of the `cadf` command: its streams and its exit status. */
import { loadCommands } from './command-registry.ts';
import { exitStatus } from './exit-status.ts';
import { interruption } from './interruption.ts';
import { createOutput } from './output.ts';
import { runProgram } from './program.ts';

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitStatus.outputClosed);
    // A full disk behind a redirect, for one. What was written so far must not pass for the whole answer.
    process.stderr.write(`cadf: the output cannot be written: ${error.message}\n`);
    process.exit(exitStatus.unusable);
  });
}

process.exitCode = await runProgram(process.argv.slice(2), await loadCommands(), {
  stdin: process.stdin,
  stdout: createOutput(process.stdout),
  stderr: createOutput(process.stderr),
  isTerminal: process.stderr.isTTY,
  color: process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '',
  interruption,
});
