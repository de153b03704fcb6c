/** Events as they are accepted, from any place in the past: what subscriptions of every kind read. */
export { createEventTail } from './event-tail.ts';
export type { EventTailDependencies } from './event-tail.ts';
export { TailEnded } from './interface.ts';
export type { EventTail, FollowOptions, Positions, TailBatch, TailEvent, TailPlace } from './interface.ts';
export { inOrderOfAcceptance } from './order-of-acceptance.ts';
export type { TailLogger } from './outage.ts';
export { questionOf } from './question.ts';
export { createTailCursors } from './tail-cursors.ts';
export type { TailCursorFault, TailCursors } from './tail-cursors.ts';
