/** How the records of each source end, counted by every intake process and read as one. */
export { ACTIVITY_TOPIC, activityTopic } from './topic.ts';
export { mergeActivity, noActivity } from './activity.ts';
export type { LastPoll, RecordEnding, SourceActivity } from './activity.ts';
export { createActivityReader } from './reader.ts';
export type { ActivityReader } from './reader.ts';
export { createActivityRecorder } from './recorder.ts';
export type { ActivityRecorder, ActivityRecorderDependencies } from './recorder.ts';
