/** An event without a fault in any profile, for tests. */
export const validEvent = {
  typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
  id: '6f1d3c5e-4f0e-4d0a-9a55-0f5f7a3b9c11',
  eventType: 'activity',
  eventTime: '2026-11-02T08:15:30.250+00:00',
  action: 'create',
  outcome: 'success',
  initiator: { id: 'f0a2', typeURI: 'data/security/account/user', name: 'maria' },
  target: { id: 'b7c1', typeURI: 'compute/machine', name: 'web-1' },
  observer: { id: 'nova-1', typeURI: 'service/compute', name: 'nova' },
} as const;
