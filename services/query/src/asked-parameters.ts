/** What a request for events asks, whichever route and form it came by. */
import type { ParameterValue } from '@cadf-pipeline/control-state';
import type { Filter } from '@cadf-pipeline/event-filter';

/** Values for the parameters of a saved query as given, by name. */
export type GivenParameters = Readonly<Record<string, ParameterValue>>;

/** The parameters of any route that selects events; those of a query string have `param.name` for `parameters`. */
export interface AskedParameters {
  readonly saved?: string;
  readonly parameters?: GivenParameters;
  readonly filter?: string;
  readonly from?: string;
  readonly to?: string;
  readonly versions?: 'merged' | 'all';
  readonly tenant?: string;
  readonly source?: string;
  readonly order?: 'asc' | 'desc';
  readonly fields?: string | string[];
  readonly limit?: number | 'all';
  readonly cursor?: string;
}

export interface FilledParameters {
  /** What the request says, and where it says nothing, what the saved query says. */
  readonly asked: AskedParameters;
  /** Of the saved query; `asked.filter` narrows it. */
  readonly bound?: Filter;
}
