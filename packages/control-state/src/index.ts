export { adminRoutes } from './admin/admin-routes.ts';
export type { AdminRoutesOptions } from './admin/admin-routes.ts';
export { auditedChange } from './admin/audited-change.ts';
export type { AdminDeps, Audit } from './admin/audited-change.ts';
export { auditedCreation, auditedDeletion, auditedUpdate } from './admin/entity-changes.ts';
export {
  changeProblems,
  createdAnswer,
  etagOf,
  IdParams,
  IfMatch,
  page,
  pageOf,
  PageQuery,
  requireCurrent,
  taggedAnswer,
} from './admin/entity-http.ts';
export { createKeyOwned } from './admin/key-owned.ts';
export type { KeyOwned, May } from './admin/key-owned.ts';
export { createOwnerRoom } from './admin/owner-room.ts';
export { appendOwnEvent } from './append-own-event.ts';
export * from './bootstrap-key.ts';
export * from './control-change-event.ts';
export { controlErrors } from './control-errors.ts';
export type { Versioned } from './control-record.ts';
export * from './control-state.ts';
export * from './entities.ts';
export * from './name-id.ts';
export type { PollDefinition } from './poll-definition.ts';
export * from './export-destination.ts';
export * from './export-job.ts';
export * from './feed.ts';
export * from './federation-keys.ts';
export * from './import-definition.ts';
export * from './key-verifier.ts';
export { KEY_SOURCE_PREFIX, reachesAll, resolveSource, SYSTEM_SOURCE } from './resolve-source.ts';
export type { ResolvedSource } from './resolve-source.ts';
export * from './saved-query.ts';
export * from './shown-sink.ts';
export * from './subscription.ts';
export * from './tenant-router.ts';
export * from './tenant-rules.ts';
