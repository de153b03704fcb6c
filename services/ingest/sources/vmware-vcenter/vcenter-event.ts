/** An event of vCenter's as its syslog or its API tells it. */
import type { EventTime } from '../../src/normalize/event-time.ts';

/** A managed object: `value` is its reference (`vm-56`), unique within one vCenter. */
export interface ObjectReference {
  readonly type?: string | undefined;
  readonly value?: string | undefined;
  readonly name?: string | undefined;
}

export interface VcenterEvent {
  /** Host name of the vCenter. */
  readonly vcenter: string;
  /** Number of the event, unique within the vCenter. */
  readonly key: string;
  /** Number of the first event of the operation. */
  readonly chain: string | undefined;
  readonly time: EventTime;
  /** Id of the event's type; undefined where the record hides it. */
  readonly type: string | undefined;
  readonly severity: string | undefined;
  /** Empty: vCenter itself. */
  readonly user: string;
  readonly message: string;
  /** Members of the API's object that name what the event is about, by their lower-case names: `vm`, `host`, `ds` … */
  readonly objects: ReadonlyMap<string, ObjectReference>;
  /** Of a task: its method, state, entity. */
  readonly task?: TaskFacts | undefined;
  readonly address?: string | undefined;
  readonly agent?: string | undefined;
  /** The record is not whole: a part did not come, or the line was cut. */
  readonly incomplete?: string | undefined;
}

export interface TaskFacts {
  readonly key?: string | undefined;
  readonly method: string;
  readonly state?: string | undefined;
  readonly entity?: ObjectReference | undefined;
}
