/** Writes events as they come until it is interrupted, and then says where to go on. */
import { ClientError, createClient } from '@cadf-pipeline/client';
import type { SubscribeOptions } from '@cadf-pipeline/client';
import type { CommandContext } from '../command.ts';
import { exitStatus } from '../exit-status.ts';
import type { ExitStatus } from '../exit-status.ts';
import { visible } from '../validate/visible.ts';
import { eventLine } from './event-line.ts';

export interface TailOptions extends Pick<
  SubscribeOptions,
  'filter' | 'from' | 'cursor' | 'tenant' | 'source'
> {
  readonly url: string;
  readonly key: string;
  readonly json: boolean;
  readonly color: boolean;
}

/** `unusable` where the service refuses; breaks are told on stderr and taken up again. */
export async function tailEvents(
  { url, key, json, color, ...question }: TailOptions,
  { stdout, stderr, interruption }: CommandContext,
): Promise<ExitStatus> {
  const signal = interruption();
  const flushSoon = soon(() => stdout.flush());
  const say = async (text: string): Promise<void> => {
    await stderr.write(`cadf tail: ${text.split('\n').map(visible).join('\n')}\n`);
    await stderr.flush();
  };
  const subscription = createClient({ url, key }).subscribe({
    ...question,
    signal,
    onBreak: ({ message }, pauseMs) =>
      void say(`${message} Trying again in ${(pauseMs / 1000).toFixed(1)} s.`),
  });
  let status: ExitStatus = exitStatus.ok;
  try {
    for await (const { event, text } of subscription) {
      await stdout.write(json ? oneLine(text) : eventLine(event, color));
      flushSoon();
    }
  } catch (error) {
    if (!signal.aborted) {
      if (!(error instanceof ClientError)) throw error;
      status = exitStatus.unusable;
      await say(`${error.code}: ${error.message}`);
    }
  }
  if (subscription.cursor !== undefined) await say(`go on with --cursor ${subscription.cursor}`);
  return status;
}

/** What comes at once is written together; what comes alone, without delay. */
function soon(flush: () => Promise<void>): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    setImmediate(() => {
      waiting = false;
      void flush();
    });
  };
}

/**
 * JSON may have tabs and line breaks between its tokens only. Other control characters (U+009B begins sequences that
 * terminals obey) it may have in strings only, where their escapes mean the same.
 */
function oneLine(text: string): string {
  return `${visible(text.replaceAll(/[\t\r\n]/g, ' '))}\n`;
}
