import type { Attachment } from '@cadf-pipeline/cadf-model';

/** Type of the attachment that says by which rules an event was redacted. */
export const redactionContentType = 'urn:cadf-pipeline:redaction';

/**
 * cadf:Attachment for the `modifier` step of a redacted event: the ids of the rules that changed it, and nothing of what
 * they took out. It goes on the step, because the step says who changed the event and when; the event's own attachments
 * stay what they were.
 */
export function redactionAttachment(rules: readonly string[]): Attachment {
  return { contentType: redactionContentType, name: 'redaction', content: { rules: [...rules] } };
}
