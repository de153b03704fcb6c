/** Answers that are not 2xx, as errors. */
import { ClientError, clientCodes } from '../client-error.ts';
import { readRetryAfter } from './retry-delay.ts';

/** The verdicts on 10,000 rejected events have room; whatever else a proxy sends is not read to its end. */
const MAX_PROBLEM_CHARS = 16 * 1024 * 1024;

/** The error of an answer that is not 2xx (RFC 9457, or whatever came). Reads its body. */
export async function readProblem(response: Response): Promise<ClientError> {
  const { status } = response;
  const retryAfterMs = readRetryAfter(response.headers.get('retry-after'), Date.now());
  const text = await readBounded(response);
  const problem = objectOf(text);
  const code = problem['code'];
  const shared = { status, problem, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  if (typeof code !== 'string') {
    return new ClientError(
      clientCodes.CLIENT_ANSWER_UNREADABLE,
      `HTTP ${status} that is no problem of this service: ${text.slice(0, 200)}`,
      { ...shared, retryable: status === 429 || status >= 500 },
    );
  }
  const { detail, hint, title, retryable, requestId } = problem;
  const message = inWords(detail ?? title, hint);
  return new ClientError(code, message === '' ? code : message, {
    ...shared,
    retryable: typeof retryable === 'boolean' ? retryable : status === 429 || status >= 500,
    ...(typeof requestId === 'string' ? { requestId } : {}),
  });
}

/** What is wrong, then how to mend it: one after the other, or below where the first shows a place in a text. */
function inWords(...parts: readonly unknown[]): string {
  const texts = parts.filter((part) => typeof part === 'string').filter((part) => part !== '');
  if (texts.some((text) => text.includes('\n'))) return texts.join('\n');
  return texts.map((text) => (/[.!?]$/.test(text) ? text : `${text}.`)).join(' ');
}

async function readBounded(response: Response): Promise<string> {
  if (response.body === null) return '';
  let text = '';
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      if (text.length > MAX_PROBLEM_CHARS) break;
    }
  } catch {
    // The status alone says enough.
  }
  return text;
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Readonly<Record<string, unknown>>;
    }
  } catch {
    // Not JSON: said by the caller.
  }
  return {};
}
