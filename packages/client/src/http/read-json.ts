/** Bodies that are to be JSON. */
import { ClientError, clientCodes } from '../client-error.ts';
import { unreachable } from './requester.ts';

/** The body as JSON. Throws CLIENT_ANSWER_UNREADABLE, and CLIENT_UNREACHABLE where the connection broke. */
export async function readJson(response: Response): Promise<unknown> {
  let text: string;
  try {
    text = await response.text();
  } catch (error) {
    throw unreachable('The answer broke off', error);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw notOfThisInterface(response.url);
  }
}

/** The error of an answer that has another form than this interface. */
export function notOfThisInterface(where: string): ClientError {
  return new ClientError(
    clientCodes.CLIENT_ANSWER_UNREADABLE,
    `The answer of ${where} has not the form of this interface. Check that the URL is that of a CADF pipeline.`,
  );
}
