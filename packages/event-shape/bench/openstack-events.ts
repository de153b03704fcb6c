/**
 * Audit events like those of OpenStack's keystonemiddleware and ironic/keystone notifications: five services, a
 * request (`pending`) and a response form each, 200 users in 50 projects, five or more random identifiers, 1.2 to
 * 1.3 KB, printed as Python's `json.dumps` does. The same seed gives the same events.
 */
export function createEventSource(seed: number): () => string {
  const random = createRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(items: readonly T[]): T => {
    const item = items[below(items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  };
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => below(16).toString(16)).join('');
  const uuid = (): string => [8, 4, 4, 4, 12].map(hex).join('-');
  const projects = Array.from({ length: 50 }, () => ({
    id: hex(32),
    domain: pick(['Default', 'customers', 'heat']),
  }));
  const users = Array.from({ length: 200 }, (_, i) => ({
    id: hex(32),
    name: `${pick(['svc', 'ops', 'dev'])}-user-${i}`,
    project: pick(projects),
  }));
  let clock = Date.UTC(2026, 10, 1);

  return () => {
    clock += below(20);
    const service = pick(SERVICES);
    const user = pick(users);
    const [action, method] = pick(ACTIONS);
    const pending = random() < 0.4;
    const failed = random() < 0.05;
    const time = (later: number): string =>
      `${new Date(clock + later).toISOString().slice(0, 23)}${String(below(1000)).padStart(3, '0')}+0000`;
    const endpoint = `http://192.168.${service.net}.25/${service.path}/${user.project.id}`;
    const target = uuid();
    return pythonJson({
      typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
      eventTime: time(0),
      target: {
        id: service.target === 'keystone' ? uuid() : target,
        typeURI: `${service.type}/${pick(service.resources)}`,
        ...(service.addresses && {
          addresses: ['admin', 'private', 'public'].map((name) => ({
            url: name === 'public' ? endpoint : 'unknown',
            name,
          })),
        }),
        name: service.target,
      },
      observer: { id: 'target' },
      tags: [`correlation_id?value=${uuid()}`],
      eventType: 'activity',
      initiator: {
        typeURI: 'service/security/account/user',
        name: user.name,
        domain: user.project.domain,
        credential: { token: '***', identity_status: 'Confirmed' },
        host: { agent: pick(service.agents), address: `10.${below(4)}.${below(8)}.${below(250)}` },
        project_id: user.project.id,
        id: user.id,
        request_id: `req-${uuid()}`,
      },
      action,
      outcome: pending ? 'pending' : failed ? 'failure' : 'success',
      id: uuid(),
      ...(!pending && {
        reason: {
          reasonCode: failed ? pick(['403', '404', '409', '500']) : method === 'POST' ? '202' : '200',
          reasonType: 'HTTP',
        },
        reporterchain: [{ reporterTime: time(below(900)), role: 'modifier', reporter: { id: 'target' } }],
      }),
      requestPath: `/${service.path}/${user.project.id}/${pick(service.resources)}/${target}`,
      ...(pending && { attachments: [{ name: 'method', typeURI: 'xs:string', content: method }] }),
    });
  };
}

const ACTIONS = [
  ['create', 'POST'],
  ['read', 'GET'],
  ['read/list', 'GET'],
  ['update', 'PUT'],
  ['delete', 'DELETE'],
  ['update/attach', 'POST'],
] as const;

const SERVICES = [
  {
    target: 'nova',
    type: 'service/compute',
    path: 'compute/v2.1',
    net: 1,
    addresses: true,
    resources: ['servers', 'flavors', 'os-keypairs', 'os-interface'],
    agents: ['python-novaclient', 'openstacksdk/1.5.0', 'HashiCorp Terraform/1.9.5'],
  },
  {
    target: 'neutron',
    type: 'service/network',
    path: 'network/v2.0',
    net: 2,
    addresses: true,
    resources: ['ports', 'networks', 'subnets', 'security-groups', 'floatingips'],
    agents: ['python-neutronclient', 'openstacksdk/1.5.0'],
  },
  {
    target: 'cinderv3',
    type: 'service/storage/block',
    path: 'volume/v3',
    net: 1,
    addresses: true,
    resources: ['volumes', 'snapshots', 'backups'],
    agents: ['python-cinderclient', 'openstacksdk/1.5.0'],
  },
  {
    target: 'glance',
    type: 'service/storage/image',
    path: 'image/v2',
    net: 3,
    addresses: true,
    resources: ['images', 'tasks'],
    agents: ['python-glanceclient', 'openstacksdk/1.5.0'],
  },
  {
    target: 'keystone',
    type: 'service/security',
    path: 'identity/v3',
    net: 4,
    addresses: false,
    resources: ['users', 'projects', 'roles', 'auth/tokens'],
    agents: ['python-keystoneclient', 'openstacksdk/1.5.0', 'curl/8.5.0'],
  },
] as const;

/** `, ` and `: ` between tokens, as `json.dumps` prints by default. */
function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, member]) => `${JSON.stringify(key)}: ${pythonJson(member)}`)
      .join(', ')}}`;
  }
  return JSON.stringify(value);
}

/** mulberry32: numbers in [0, 1). */
export function createRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
