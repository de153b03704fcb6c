import fc from 'fast-check';
import { expect, test } from 'vitest';
import { meaningOf } from './event-type.ts';

test.each([
  ['compute.instance.create.start', 'create', 'pending', 'instance'],
  ['compute.instance.live_migration.post.dest.end', 'update/migrate', 'success', 'instance'],
  ['compute.instance.live.migration.abort.end', 'update/migrate/abort', 'success', 'instance'],
  ['compute.instance.rebuild.scheduled', 'update/rebuild', 'pending', 'instance'],
  ['compute_task.build_instances.error', 'create', 'failure', 'instance'],
  ['compute_task.migrate_server.error', 'update/migrate', 'failure', 'instance'],
  ['run_instance', 'create', 'failure', 'instance'],
  ['trove.instance.modify_volume', 'update/modify-volume', 'success', 'instance'],
  ['instance.live_migration_rollback_dest.end', 'update/migrate/rollback', 'success', 'instance'],
  ['compute.instance.create_ip.end', 'update/attach', 'success', 'instance'],
  ['libvirt.connect.error', 'monitor', 'failure', 'libvirt'],
  ['compute.instance.live_migration._rollback.start', 'update/migrate/rollback', 'pending', 'instance'],
  ['instance.live_migration_force_complete.end', 'update/migrate', 'success', 'instance'],
  ['instance.trigger_crash_dump.end', 'capture/crash-dump', 'success', 'instance'],
  ['volume.create.end', 'create', 'success', 'volume'],
  ['volume.attach.start', 'update/attach', 'pending', 'volume'],
  ['router.interface.delete', 'update/detach', 'success', 'router'],
  ['identity.OS-TRUST:trust.created', 'create', 'success', 'os-trust:trust'],
  ['identity.authenticate', 'authenticate', 'success', 'identity'],
  ['dhcp_agent.network.add', 'update/add', 'success', 'dhcp_agent'],
  ['baremetal.node.power_set.error', 'update/power', 'failure', 'node'],
  ['backup.delete.end', 'delete', 'success', 'backup'],
  ['nonsense', 'unknown', 'success', 'nonsense'],
])('%s is %s, %s, of %s', (eventType, action, outcome, resource) => {
  expect(meaningOf(eventType, 'INFO')).toMatchObject({ action, outcome, resource });
});

test('a priority of an error is a failure', () => {
  expect(meaningOf('volume.create.end', 'ERROR').outcome).toBe('failure');
});

test('beginning, end and error of any operation have the base in common', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{1,8}\.[a-z]{1,8}(\.[a-z]{1,8})?$/), (base) => {
      const bases = ['start', 'end', 'error'].map((phase) => meaningOf(`${base}.${phase}`, 'INFO').base);
      expect(bases).toEqual([base, base, base]);
    }),
    { numRuns: 100 },
  );
});
