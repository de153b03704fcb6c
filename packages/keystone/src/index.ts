export { checkKeystoneSettings, keystoneSettings } from './keystone-settings.ts';
export type { KeystoneConfig } from './keystone-settings.ts';
export { createKeystoneVerifier } from './keystone-verifier.ts';
export type { KeystoneOptions, KeystoneVerifier } from './keystone-verifier.ts';
export { openKeystone } from './open-keystone.ts';
