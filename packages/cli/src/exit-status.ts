/** What the command tells its caller; the same for every subcommand. */
export const exitStatus = {
  /** Done, and nothing wrong was found. */
  ok: 0,
  /** Done, and something wrong was found. */
  faults: 1,
  /** Wrong usage, or something that could not be read or reached: the question has no answer. */
  unusable: 2,
  /** Whoever read the output went away, as with `| head`: what a program killed by SIGPIPE shows. */
  outputClosed: 141,
} as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];
