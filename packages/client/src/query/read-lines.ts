/** Lines of a body, without their ends; lines that are empty are left out. */
import { ClientError, clientCodes } from '../client-error.ts';

/** Longer than any event that the service takes. */
const MAX_LINE_CHARS = 64 * 1024 * 1024;

/** A last line without its end is given too. Throws CLIENT_ANSWER_UNREADABLE for a line past 64 Mi characters. */
export async function* readLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let begun: string[] = [];
  let begunChars = 0;
  for await (const chunk of body) {
    const lines = decoder.decode(chunk, { stream: true }).split('\n');
    const last = lines.pop() ?? '';
    for (const line of lines) {
      const whole = begun.length === 0 ? line : [...begun, line].join('');
      begun = [];
      begunChars = 0;
      if (whole !== '') yield whole;
    }
    begun.push(last);
    begunChars += last.length;
    if (begunChars > MAX_LINE_CHARS) {
      throw new ClientError(clientCodes.CLIENT_ANSWER_UNREADABLE, 'A line of the answer has no end.');
    }
  }
  begun.push(decoder.decode());
  const whole = begun.join('');
  if (whole !== '') yield whole;
}
