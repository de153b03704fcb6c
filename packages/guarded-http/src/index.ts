/** Requests to where a user says, which never lead into the network of the pipeline. */
export {
  ADDRESS_REFUSED,
  AddressRefused,
  checkHost,
  howToAllow,
  refusalOfAddress,
  refusalOfHost,
} from './address-rules.ts';
export type { AddressRules } from './address-rules.ts';
export { codeOf, explainFault, isBeforeConnection, isBrokenConnection } from './explain-fault.ts';
export type { FaultWords } from './explain-fault.ts';
export { createGuardedAgent } from './guarded-agent.ts';
export type { GuardedAgentOptions } from './guarded-agent.ts';
export { createGuardedConnector } from './guarded-connector.ts';
export type { GuardedConnectorOptions } from './guarded-connector.ts';
export { createGuardedHttp, guardedFetch } from './guarded-http.ts';
export type { GuardedAnswer, GuardedHttp, GuardedHttpOptions, GuardedRequest } from './guarded-http.ts';
export { GuardedHttpError } from './guarded-http-error.ts';
export type { GuardedHttpFault } from './guarded-http-error.ts';
export { createGuardedLookup } from './guarded-lookup.ts';
export { faultOfUrl } from './guarded-url.ts';
export type { UrlWords } from './guarded-url.ts';
export { createNameResolver } from './resolve-name.ts';
export type { NameResolverOptions, ResolveName } from './resolve-name.ts';
