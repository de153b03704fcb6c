/** The attributes of events that Hermes filters, sorts and lists by, as expressions over the columns of the store. */

export const COLUMNS: ReadonlyMap<string, string> = new Map(
  [
    'action',
    'outcome',
    'request_path',
    'observer_id',
    'observer_type',
    'target_id',
    'target_type',
    'initiator_id',
    'initiator_type',
    'initiator_name',
  ].map((name) => [name, name]),
);

/** Those that events can be filtered and sorted by; Hermes has no filter by `observer_id`. */
export const FILTERS: readonly string[] = [...COLUMNS.keys()].filter((name) => name !== 'observer_id');
