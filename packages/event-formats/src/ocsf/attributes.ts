/**
 * The attributes of OCSF that events are written with, and their types: the schema of a Parquet file, and all there is
 * in JSON. A test compares them with the published schema.
 */

export type AttributeType =
  | 'text'
  | 'integer'
  /** An integer of 64 bits. */
  | 'long'
  /** Text of which hardly two are equal. */
  | 'distinct'
  | 'texts'
  | Attributes
  | readonly [Attributes];

export interface Attributes {
  readonly [name: string]: AttributeType;
}

const USER = { uid: 'text', name: 'text', domain: 'text', type: 'text', type_id: 'integer' } as const;
const ENDPOINT = { ip: 'text', hostname: 'text', name: 'text', port: 'integer' } as const;
const SERVICE = { uid: 'text', name: 'text' } as const;
const NAMED = { uid: 'text', name: 'text', type: 'text' } as const;

export const ATTRIBUTES = {
  class_uid: 'integer',
  class_name: 'text',
  category_uid: 'integer',
  category_name: 'text',
  activity_id: 'integer',
  activity_name: 'text',
  type_uid: 'long',
  type_name: 'text',
  severity_id: 'integer',
  severity: 'text',
  status_id: 'integer',
  status: 'text',
  status_code: 'text',
  status_detail: 'text',
  time: 'long',
  message: 'distinct',
  metadata: {
    version: 'text',
    product: { name: 'text', vendor_name: 'text', version: 'text' },
    uid: 'distinct',
    event_code: 'text',
    correlation_uid: 'text',
    labels: 'texts',
    log_name: 'text',
    log_provider: 'text',
    logged_time: 'long',
    original_time: 'distinct',
    tenant_uid: 'text',
  },
  actor: { user: USER, authorizations: [{ decision: 'text', policy: { uid: 'text', name: 'text' } }] },
  user: USER,
  group: NAMED,
  privileges: 'texts',
  entity: NAMED,
  service: SERVICE,
  api: { operation: 'text', service: SERVICE, response: { code: 'integer' } },
  resources: [NAMED],
  src_endpoint: ENDPOINT,
  dst_endpoint: ENDPOINT,
  http_request: { user_agent: 'text', url: { path: 'text' } },
  raw_data: 'distinct',
} as const satisfies Attributes;
