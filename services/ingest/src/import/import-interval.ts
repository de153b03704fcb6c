/** Seconds between two looks for new files, where an import does not say it. */
export const IMPORT_INTERVAL_SECONDS = 60;
/** Of uploads: the process that takes them may be another than the one they were sent to. */
export const UPLOAD_INTERVAL_SECONDS = 5;
