/** Takes out of events what a reader may not have: rules, compiled once, asked of each event's JSON text. No I/O. */
export { checkRedactionRules } from './check-rules.ts';
export type { RedactionFault, RedactionFaultCode } from './check-rules.ts';
export { compileRedaction, RedactionRuleError } from './redact.ts';
export type { Redaction, RedactionOutcome, RedactionRefusalCode } from './redact.ts';
export { createRedactionKey, minRedactionKeyBytes } from './keyed-hash.ts';
export { redactionAttachment, redactionContentType } from './redaction-attachment.ts';
export { RedactionAction, RedactionRule, RedactionRules } from './rule.ts';
