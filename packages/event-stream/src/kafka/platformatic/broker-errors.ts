import { findErrorBy } from '@platformatic/kafka';

/** A broker's error codes that decide something here (kafka.apache.org/protocol, "Error Codes"). */
export const BROKER_ERROR = {
  offsetOutOfRange: 1,
  unknownTopicOrPartition: 3,
  messageTooLarge: 10,
  recordListTooLarge: 18,
  topicAuthorizationFailed: 29,
  clusterAuthorizationFailed: 31,
  topicAlreadyExists: 36,
  outOfOrderSequence: 45,
  duplicateSequence: 46,
  invalidProducerEpoch: 47,
  unknownProducerId: 59,
} as const;

/** Codes after which the same request may succeed: elections, restarts, too few replicas, a disk taken offline. */
const TRANSIENT = new Set([3, 5, 6, 7, 8, 9, 13, 14, 15, 16, 19, 20, 56, 72, 74, 75, 76, 78, 100, 103]);

export function isTransient(code: number): boolean {
  return TRANSIENT.has(code);
}

/** True when the error, or one it is made of, is the broker's error of that code. */
export function hasBrokerError(error: unknown, code: number): boolean {
  return error instanceof Error && findErrorBy(error, 'apiCode', code) !== null;
}
