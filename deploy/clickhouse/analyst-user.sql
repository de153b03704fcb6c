-- No migration: run once by an administrator of a ClickHouse server, before SQL of analysts is offered there
-- (CADF_CLICKHOUSE_ANALYST_USER, CADF_CLICKHOUSE_ANALYST_PASSWORD). Put in the password and, where it is not `cadf`,
-- the database. The engine in the process has the same as a role of its own.
--
-- The user must have no other rights, also none by a default role or profile, and not be read-only: the services make
-- each of its sessions read-only after telling it whose events it may read.

CREATE USER IF NOT EXISTS cadf_analyst IDENTIFIED WITH sha256_password BY 'change-me';
GRANT SELECT ON cadf.analyst_events TO cadf_analyst;
GRANT SELECT ON cadf.analyst_event_texts TO cadf_analyst;
