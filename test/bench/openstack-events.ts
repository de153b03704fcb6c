/**
 * The events the bench sends: OpenStack CADF as keystonemiddleware's audit filter writes it, 1.2–1.3 KB, five
 * random identifiers each (event, target, correlation tag, initiator user, request), from several services, users,
 * projects and actions. Deterministic for a seed.
 */
import { seededRandom } from '../support/seeded-random.ts';

export interface EventGenerator {
  /** The next event's JSON text. `timeMs`: when it happened; else a little after the last. */
  next(timeMs?: number): string;
  uuid(): string;
}

const SERVICES = [
  { name: 'nova', path: '/compute/v2.1/servers', type: 'service/compute/servers/server', port: 8774 },
  { name: 'neutron', path: '/networking/v2.0/ports', type: 'service/network/ports/port', port: 9696 },
  { name: 'cinder', path: '/volume/v3/volumes', type: 'service/storage/block/volumes/volume', port: 8776 },
  { name: 'glance', path: '/image/v2/images', type: 'service/storage/image/images/image', port: 9292 },
  { name: 'heat', path: '/orchestration/v1/stacks', type: 'service/orchestration/stacks/stack', port: 8004 },
] as const;
const ACTIONS = [
  ['read', '200', 'success'],
  ['read/list', '200', 'success'],
  ['create', '202', 'success'],
  ['update', '200', 'success'],
  ['delete', '204', 'success'],
  ['update/os-start', '409', 'failure'],
  ['read', '404', 'failure'],
] as const;
const AGENTS = [
  'python-novaclient',
  'openstacksdk/3.1.0 keystoneauth1/5.6.0',
  'gophercloud/v2.1.0',
  'Terraform/1.9',
];

export function createEventGenerator(seed: number, startMs = Date.UTC(2026, 10, 1)): EventGenerator {
  const random = seededRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const hex = (digits: number): string => {
    let text = '';
    while (text.length < digits)
      text += Math.floor(random() * 0x1_0000_0000)
        .toString(16)
        .padStart(8, '0');
    return text.slice(0, digits);
  };
  const uuid = (): string => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
  const projects = Array.from({ length: 50 }, () => hex(32));
  const hosts = Array.from(
    { length: 40 },
    () => `10.${Math.floor(random() * 20)}.${Math.floor(random() * 250)}.17`,
  );
  let timeMs = startMs;
  return {
    uuid,
    next(toldMs) {
      const service = pick(SERVICES);
      const [action, code, outcome] = pick(ACTIONS);
      const target = uuid();
      timeMs = toldMs ?? timeMs + Math.floor(random() * 40);
      const at = new Date(timeMs).toISOString().slice(0, 23) + hex(3).replace(/\D/g, '0') + '+0000';
      const url = `http://192.0.2.25:${service.port}${service.path}`;
      return JSON.stringify({
        typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
        eventTime: at,
        target: {
          id: target,
          typeURI: service.type,
          addresses: [
            { url, name: 'admin' },
            { url, name: 'private' },
            { url, name: 'public' },
          ],
          name: service.name,
        },
        observer: { id: 'target' },
        tags: [`correlation_id?value=${uuid()}`],
        eventType: 'activity',
        initiator: {
          typeURI: 'service/security/account/user',
          name: `user-${Math.floor(random() * 200)}`,
          credential: { token: '***', identity_status: 'Confirmed' },
          host: { agent: pick(AGENTS), address: pick(hosts) },
          project_id: pick(projects),
          id: hex(32),
          request_id: `req-${uuid()}`,
        },
        reason: { reasonCode: code, reasonType: 'HTTP' },
        reporterchain: [{ reporterTime: at, role: 'modifier', reporter: { id: 'target' } }],
        action,
        outcome,
        id: uuid(),
        requestPath: `${service.path}/${target}`,
      });
    },
  };
}
