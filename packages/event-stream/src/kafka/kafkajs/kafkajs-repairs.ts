/** What kafkajs 2.2.4 does wrong at places that it gives no access to, made right in its classes, once per process. */
import { createRequire } from 'node:module';

let repaired = false;

/** A class that is not as expected is left as it is. */
export function repairKafkajs(): void {
  if (repaired) return;
  repaired = true;
  const require = createRequire(import.meta.url);
  const prototypeOf = (file: string): unknown => {
    const found: unknown = require(`kafkajs/src/${file}`);
    return typeof found === 'function' ? found.prototype : undefined;
  };
  stopIdleTimers(prototypeOf('network/requestQueue'));
  beginConnectionsAnew(prototypeOf('network/connection'));
  staySameMember(prototypeOf('consumer/consumerGroup'));
}

interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  scheduleCheckPendingRequests: (this: RequestQueue) => void;
}

/**
 * It sets a timer of a negative time after every response, again and again while a connection idles: Node 24 warns of it
 * (TimeoutNegativeWarning) and runs it every millisecond. There is nothing to wait for when no request is queued and
 * the broker asked for no pause (tulios/kafkajs issue 1751).
 */
function stopIdleTimers(prototype: unknown): void {
  if (!isRequestQueue(prototype)) return;
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function scheduleUnlessIdle(this: RequestQueue): void {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this);
  };
}

interface Connection {
  chunks: Buffer[];
  bytesBuffered: number;
  bytesNeeded: number;
  isConnected: (this: Connection) => boolean;
  connect: (this: Connection) => Promise<unknown>;
}

/** The bytes of a frame's length. */
const LENGTH_BYTES = 4;

/**
 * A connection that is made again goes on with the half of an answer that the one before ended in: no answer is ever
 * understood then. And two that ask for it at once make two sockets of it, of which one is never ended.
 */
function beginConnectionsAnew(prototype: unknown): void {
  if (!isConnection(prototype)) return;
  const { connect } = prototype;
  const underWay = new WeakMap<Connection, Promise<unknown>>();
  prototype.connect = function connectOnceAnew(this: Connection): Promise<unknown> {
    if (this.isConnected()) return connect.call(this);
    let connecting = underWay.get(this);
    if (connecting === undefined) {
      this.chunks = [];
      this.bytesBuffered = 0;
      this.bytesNeeded = LENGTH_BYTES;
      connecting = connect.call(this).finally(() => underWay.delete(this));
      underWay.set(this, connecting);
    }
    return connecting;
  };
}

interface ConsumerGroup {
  readonly cluster: object;
  memberId: string | null;
  joinAndSync: (this: ConsumerGroup) => Promise<void>;
}

/**
 * A consumer that starts again joins as somebody new, also when the brokers were not told that it left. They wait for the
 * member that it was until its session ends, and it waits with them: half a minute each time. It is let in at once as
 * who it was; if the brokers have forgotten that one, the library asks for a new name by itself.
 */
function staySameMember(prototype: unknown): void {
  if (!isConsumerGroup(prototype)) return;
  const join = prototype.joinAndSync;
  // A consumer has one cluster all its life, and a group object for each start. Leaving takes the name from that.
  const before = new WeakMap<object, ConsumerGroup>();
  prototype.joinAndSync = function joinAsBefore(this: ConsumerGroup): Promise<void> {
    const last = before.get(this.cluster);
    if (last !== this) {
      this.memberId ??= last?.memberId ?? null;
      before.set(this.cluster, this);
    }
    return join.call(this);
  };
}

function isRequestQueue(value: unknown): value is RequestQueue {
  return hasFunctions(value, 'scheduleCheckPendingRequests');
}

function isConnection(value: unknown): value is Connection {
  return hasFunctions(value, 'connect', 'isConnected', 'processData');
}

function isConsumerGroup(value: unknown): value is ConsumerGroup {
  return hasFunctions(value, 'joinAndSync', 'leave');
}

function hasFunctions(value: unknown, ...names: string[]): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    names.every((name) => name in value && typeof Reflect.get(value, name) === 'function')
  );
}
