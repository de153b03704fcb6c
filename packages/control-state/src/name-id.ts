/** Ids that people choose for sources and rules. */
export const NAME_ID_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$';
