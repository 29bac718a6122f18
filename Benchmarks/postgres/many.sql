-- Brings the number of queued tasks from what one transaction of `orch-bench fill` has added up to :count, each in a
-- session of its own, as copies of the first: adding a million one by one is another measurement. The copies have the
-- positions of that transaction, of which there are 2^20. Their events are copies too, so `orch verify` is not for this
-- database.
CREATE TEMP TABLE copies AS
SELECT first.pos AS pos, first.pos + number AS new, 'm' || number AS name
FROM (SELECT min(pos) AS pos, max(pos) & 1048575 AS last FROM orch.event WHERE pos >> 20 = (SELECT max(pos) >> 20 FROM orch.event)) AS first,
  generate_series(first.last, :count - 1) AS number;
-- A column that is not named here is copied as it is.
SELECT format('INSERT INTO orch.%1$I SELECT %2$s FROM copies c JOIN orch.%1$I t ON t.%3$I = c.pos', target.relname,
  string_agg(CASE
    WHEN attname IN ('number', 'ordinal', 'session', 'last_event') THEN 'c.new'
    WHEN attname = 'id' THEN 'c.name'
    WHEN attname = 'head' THEN 'sha256(c.name::bytea)'
    ELSE 't.' || quote_ident(attname) END, ', ' ORDER BY attnum), target.key)
FROM (VALUES ('session', 'number'), ('task', 'ordinal')) AS target(relname, key)
JOIN pg_attribute ON attrelid = ('orch.' || target.relname)::regclass AND attnum > 0 AND NOT attisdropped
GROUP BY target.relname, target.key \gexec
INSERT INTO orch.event
SELECT c.new, c.new, 1, sha256(c.name::bytea), c.new, e.type, e.body FROM copies c JOIN orch.event e ON e.pos = c.pos;
INSERT INTO orch.ready
SELECT c.new, r.class, r.lane, r.priority, r.ready_at, c.new FROM copies c JOIN orch.ready r ON r.session = c.pos;
VACUUM ANALYZE;
CHECKPOINT;
