/** The CADF standard (DSP0262) as code: schemas and types, taxonomies, profiles, documents. No I/O. */
export * from './entities/index.ts';
export { faultCodes } from './fault-codes.ts';
export type { FaultCode, FaultCodeEntry } from './fault-codes.ts';
export { isValid, maxFaults } from './fault.ts';
export type { Fault } from './fault.ts';
export { isRoleName, resolveRole, roleNames } from './roles.ts';
export type { ResolvedRole, RoleName } from './roles.ts';
export {
  appendReporterStep,
  appendReporterStepText,
  chainNames,
  isInChain,
  ReporterChainError,
} from './reporter-chain.ts';
export { memberForm } from './entity-members.ts';
export type { EntityName, MemberForm } from './entity-members.ts';
export { isTag } from './validate/tags.ts';
export { isMembers } from './json-members.ts';
export type { Members } from './json-members.ts';
export { isProfileName, profileNames, profiles, profileSummaries } from './profiles.ts';
export type { ProfileName, Severities, Severity } from './profiles.ts';
export {
  classifyAction,
  classifyOutcome,
  classifyResource,
  equivalentPaths,
  taxonomies,
} from './taxonomy.ts';
export type { Classification, Classifier, Taxonomy, TaxonomyKind } from './taxonomy.ts';
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
export type { Definitions, DefinitionsById } from './document/definitions.ts';
export { documentFaults, referenceFault } from './document/fault.ts';
export type { DocumentFaultCode } from './document/fault.ts';
export { defaultUnwrapLimits, unwrapDocument } from './document/unwrap.ts';
export type { DocumentForm, DocumentItem, UnwrapLimits, UnwrappedDocument } from './document/unwrap.ts';
export { valueRules } from './validate/value-rules.ts';
export type { ValueRule, ValueRules } from './validate/value-rules.ts';
export { canonicalJson, maxCanonicalDepth } from './canonical/canonical-json.ts';
export { toCanonicalEvent } from './canonical/canonical-event.ts';
export type { CanonicalOptions } from './canonical/canonical-event.ts';
export { checkJsonDepth, defaultMaxJsonDepth, endOfString } from './json/depth.ts';
export { jsonSelection, selectJson, selectJsonValues } from './json/select.ts';
export type { JsonSelection } from './json/select.ts';
export { jsonRanges, keyOf, locateJson, placeOf, skipBlanks, skipValue } from './json/locate.ts';
export type { JsonPlace, JsonRange } from './json/locate.ts';
export { decodeXml, placeInXml } from './xml/decode.ts';
export type { DecodedEvent, DecodedXml } from './xml/decode.ts';
export { encodeXml, encodeXmlElement, xmlFrame } from './xml/encode.ts';
export { xmlFaults } from './xml/fault.ts';
export type { XmlFault, XmlFaultCode } from './xml/fault.ts';
export { defaultXmlLimits, readXmlTree } from './xml/read-tree.ts';
export type { XmlLimits, XmlTree } from './xml/read-tree.ts';
export { attributeOf, childElements, textOf } from './xml/tree.ts';
export type { XmlElement, XmlPlace } from './xml/tree.ts';
export { escapeAttribute, escapeText, isXmlText } from './xml/write.ts';
export * from './build.ts';
