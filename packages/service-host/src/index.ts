export { backendSettings } from './backend-settings.ts';
export type { BackendConfig } from './backend-settings.ts';
export { hostSettings } from './host-settings.ts';
export { kafkaOptions } from './kafka-options.ts';
export { openStore } from './open-store.ts';
export { openStream } from './open-stream.ts';
export { runService } from './run-service.ts';
export type { Host, RunningService, ServiceDefinition, ServicePart } from './run-service.ts';
export { exitOnStartupFault } from './startup-fault.ts';
