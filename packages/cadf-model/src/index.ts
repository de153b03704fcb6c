/** The CADF standard (DSP0262) as code: schemas and types, taxonomies, profiles, documents. No I/O. */
export * from './entities/index.ts';
export { faultCodes } from './fault-codes.ts';
export type { FaultCode, FaultCodeEntry } from './fault-codes.ts';
export { isValid, maxFaults } from './fault.ts';
export type { Fault } from './fault.ts';
export { isMembers } from './json-members.ts';
export type { Members } from './json-members.ts';
export { isProfileName, profileNames, profiles, profileSummaries } from './profiles.ts';
export type { ProfileName, Severities, Severity } from './profiles.ts';
export { classifyAction, classifyOutcome, classifyResource, equivalentPaths } from './taxonomy.ts';
export type { Classification, Classifier, TaxonomyKind } from './taxonomy.ts';
export type { TaxonomyAlias, TaxonomyData, TaxonomyNode } from './taxonomy-data.ts';
export { actionTaxonomy, outcomeTaxonomy, reporterRoles, resourceTaxonomy } from './taxonomy.generated.ts';
export {
  formatTimestamp,
  maxTimestampLength,
  parseTimestamp,
  timestampMs,
  toStrictTimestamp,
} from './timestamp.ts';
export type { ParsedTimestamp, TimestampForm } from './timestamp.ts';
export { validateEvent } from './validate/event.ts';
export { noDefinitions, undefinedReferences } from './document/definitions.ts';
export type { Definitions } from './document/definitions.ts';
export { defaultUnwrapLimits, unwrapDocument } from './document/unwrap.ts';
export type { DocumentForm, DocumentItem, UnwrapLimits, UnwrappedDocument } from './document/unwrap.ts';
