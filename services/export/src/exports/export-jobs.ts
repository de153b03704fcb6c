/** Exports and their schedules as a part of the service. */
import { access, constants, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Audit } from '@cadf-pipeline/control-state';
import { createGuardedHttp } from '@cadf-pipeline/guarded-http';
import type { AddressRules } from '@cadf-pipeline/guarded-http';
import type { Host } from '@cadf-pipeline/service-host';
import type { FastifyInstance } from 'fastify';
import type { exportSettings } from '../config.ts';
import type { FederationIdentity } from '../identity/federation-identity.ts';
import type { SecretBox } from '../subscription/secret-box.ts';
import { scheduleRoutes } from '../schedules/schedule-routes.ts';
import { createScheduleWork } from '../schedules/schedule-work.ts';
import { createOpenCarrier } from './open-carrier.ts';
import { createExportEvents } from './export-events.ts';
import { createExportRights } from './export-rights.ts';
import { createExportWork } from './export-work.ts';
import { createExports } from './exports.ts';
import { downloadRoutes } from './download-routes.ts';
import { exportRoutes } from './export-routes.ts';
import { createSignedLinks } from './signed-links.ts';

export interface ExportJobs {
  routes(app: FastifyInstance): void;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Why exports are not done, such as that their directory cannot be written; undefined: they are. */
  trouble(): Promise<string | undefined>;
}

export interface ExportJobsDependencies {
  readonly host: Host<typeof exportSettings>;
  readonly box: SecretBox;
  readonly identity: FederationIdentity;
  readonly audit: Audit;
}

export function createExportJobs({ audit, box, host, identity }: ExportJobsDependencies): ExportJobs {
  const { config, logger, metrics, now, signingSecret, state, store, stream } = host;
  const root = resolve(config.CADF_EXPORT_DIR ?? join(config.CADF_DATA_DIR, 'exports'));
  const addresses: AddressRules = {
    allowPrivate: config.CADF_EXPORT_ALLOW_PRIVATE,
    allowedBy: 'CADF_EXPORT_ALLOW_PRIVATE',
  };
  const destinations = { directories: config.CADF_EXPORT_DIRECTORIES ?? [], addresses };
  const rights = createExportRights(state, now);
  const events = createExportEvents(audit, now);
  const keepMs = config.CADF_EXPORT_KEEP;
  const work = createExportWork({
    store,
    stream,
    state,
    root,
    rights,
    identity,
    events,
    audit,
    registry: metrics.registry,
    logger,
    now,
    openCarrier: createOpenCarrier({
      box,
      rules: destinations,
      http: () => createGuardedHttp({ rules: addresses, peer: 'receiver' }),
    }),
    bounds: {
      running: config.CADF_EXPORT_RUNNING,
      keepMs,
      maxBytes: config.CADF_EXPORT_MAX_BYTES,
      maxBytesOfOne: config.CADF_EXPORT_MAX_BYTES_OF_ONE,
    },
  });
  const schedules = createScheduleWork({ state, store, stream, rights, box, audit, logger, now });
  return {
    routes(app) {
      const links = createSignedLinks(signingSecret('export links'), now);
      const deps = {
        state,
        audit,
        now,
        store,
        box,
        rights,
        work,
        events,
        links,
        destinations,
        root,
        keepMs,
      };
      const exports = createExports(deps);
      exportRoutes(app, deps, exports);
      downloadRoutes(app, deps, exports);
      scheduleRoutes(app, { state, audit, now, box, destinations, schedules });
    },
    async start() {
      await work.start();
      await schedules.start();
    },
    async stop() {
      await Promise.all([schedules.stop(), work.stop()]);
    },
    trouble: async () => work.trouble() ?? schedules.trouble() ?? (await unwritable(root)),
  };
}

/** Why nothing can be put into the directory of all files; undefined: it can. Makes it where it is not there yet. */
async function unwritable(root: string): Promise<string | undefined> {
  try {
    await mkdir(root, { recursive: true, mode: 0o700 });
    await access(root, constants.R_OK | constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return `CADF_EXPORT_DIR cannot be written: ${error instanceof Error ? error.message : String(error)}`;
  }
}
