/** The TypeScript SDK of the pipeline: submit, query, subscribe, verify webhooks. */
export { createClient } from './create-client.ts';
export type { Client } from './create-client.ts';
export { ClientError, clientCodes } from './client-error.ts';
export type { ClientErrorDetails } from './client-error.ts';
export { createRequester } from './http/requester.ts';
export type { AskOptions, ClientOptions, Requester } from './http/requester.ts';
export type { Abortable, CadfEvent, EventsQuestion, Selection } from './query/query-events.ts';
export type { Rejection, SubmitOutcome } from './submit/outcome.ts';
export type { SpoolOptions } from './submit/spool.ts';
export type { Submitter, SubmitterCounts, SubmitterOptions } from './submit/submitter-contract.ts';
export type { DeliveredEvent, SubscribeOptions, Subscription } from './subscribe/subscribe.ts';
export { verifyWebhook } from './webhook/verify-webhook.ts';
export type { VerifiedWebhook, WebhookHeaders, WebhookToVerify } from './webhook/verify-webhook.ts';
export type { operations as ApiOperations, paths as ApiPaths } from './api.generated.ts';
