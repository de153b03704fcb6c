/** The CADF event that examples in the API document are of: valid by the strict profile (DSP0262). */
export const exampleEvent = {
  typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
  id: '5e7b0c2a-9a0f-4a57-8a52-0b6f2a6f1f10',
  eventType: 'activity',
  eventTime: '2026-11-01T12:00:00.000000+00:00',
  action: 'update',
  outcome: 'failure',
  reason: { reasonType: 'HTTP', reasonCode: '403' },
  initiator: {
    id: 'a1f7c2d0-5b1e-4b65-8c4e-7d1f00c0ffee',
    typeURI: 'data/security/account/user',
    name: 'ada',
    project_id: 'project-a',
    host: { address: '192.0.2.9', agent: 'openstacksdk/4.1.0' },
  },
  target: { id: '0c2f4c0e-95a5-4c55-9a0c-3b1de1f2a7b9', typeURI: 'compute/machine', name: 'db01' },
  observer: { id: 'c2b1a0f9-8e7d-4c6b-a594-837261504938', typeURI: 'service/compute', name: 'compute' },
} as const;
