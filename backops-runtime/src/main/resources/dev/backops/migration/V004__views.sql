-- The public face: these views stay as they are when the tables behind them change.

-- The outputs of an operation that still runs: those of its steps, the later ones over the earlier ones.
CREATE FUNCTION ${schema}.outputs_so_far(operation bigint) RETURNS jsonb
  LANGUAGE sql STABLE PARALLEL SAFE
  SET search_path = pg_catalog
  AS $$
    SELECT coalesce(jsonb_strip_nulls(jsonb_object_agg(output.key, output.value ORDER BY step.seq)), '{}')
    FROM ${schema}.step,
      jsonb_each(CASE WHEN jsonb_typeof(step.outputs) = 'object' THEN step.outputs END) AS output
    WHERE step.operation_id = operation
  $$;

-- Values without those that are not for everybody's eyes.
CREATE FUNCTION ${schema}.masked(vals jsonb, names text[]) RETURNS jsonb
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  SET search_path = pg_catalog
  AS $$
    SELECT CASE WHEN jsonb_typeof(vals) = 'object' THEN (
        SELECT coalesce(jsonb_object_agg(key, CASE WHEN key = ANY(names) THEN '"***"' ELSE value END), '{}')
        FROM jsonb_each(vals))
      ELSE vals END
  $$;

-- What both views below are made of. Scalar subqueries and left joins by key only: they cost nothing for the rows and columns
-- that a query does not look at. All in the view itself, since what a function reads is up to the rights of who asks.
CREATE VIEW ${schema}.operation_now AS
SELECT
  o.id,
  -- The same as the operation's own, and the way to its index.
  d.name,
  o.outcome,
  -- As in the index of work, which unfinished is searched by.
  CASE WHEN w.state IN ('ready', 'scheduled') AND w.attempts > 0 THEN 'retrying' ELSE w.state END AS status_of_work,
  o.next_step AS step,
  o.steps_done,
  d.planned AS steps_planned,
  CASE WHEN d.sensitive <> '{}' THEN ${schema}.masked(o.params, d.sensitive) ELSE o.params END AS params,
  CASE WHEN d.sensitive <> '{}' THEN ${schema}.masked(made.outputs, d.sensitive) ELSE made.outputs END AS outputs,
  coalesce(w.attempts, 0) AS attempts,
  (SELECT f.error_class FROM ${schema}.failure f
    WHERE f.operation_id = w.operation_id AND f.seq = o.steps_done AND f.step = coalesce(o.next_step, '(none)')
    ORDER BY f.id DESC LIMIT 1) AS error_class,
  (SELECT f.message FROM ${schema}.failure f
    WHERE f.operation_id = w.operation_id AND f.seq = o.steps_done AND f.step = coalesce(o.next_step, '(none)')
    ORDER BY f.id DESC LIMIT 1) AS error_message,
  (SELECT f.frame FROM ${schema}.failure f
    WHERE f.operation_id = w.operation_id AND f.seq = o.steps_done AND f.step = coalesce(o.next_step, '(none)')
    ORDER BY f.id DESC LIMIT 1) AS error_frame,
  CASE WHEN w.state IN ('ready', 'scheduled') THEN w.run_at END AS run_at,
  w.worker,
  -- Why nobody takes an operation that is due; null if any worker with room may.
  CASE WHEN w.state IN ('ready', 'waiting') THEN coalesce(
    (SELECT CASE WHEN p.kind = 'queue' THEN 'queue ' ELSE 'operation ' END || p.name || ' is paused by ' || p.who
        || coalesce(': ' || p.why, '')
      FROM ${schema}.pause p
      WHERE p.kind = 'name' AND p.name = o.name OR p.kind = 'queue' AND p.name = w.queue
      ORDER BY p.since LIMIT 1),
    (SELECT CASE WHEN bool_and(w.queue = ANY(k.leaves)) THEN 'no live worker serves queue ' || w.queue END
      FROM ${schema}.worker k WHERE k.lease_end > now() AND w.definition = ANY(k.definitions)),
    CASE WHEN w.state = 'waiting' AND NOT EXISTS (
        SELECT FROM ${schema}.worker k WHERE k.lease_end > now() AND w.definition = ANY(k.definitions)) THEN
      coalesce(
        (SELECT min(k.lacks ->> w.definition::text) FROM ${schema}.worker k WHERE k.lease_end > now()),
        'no live worker knows operation ' || o.name)
    END)
    WHEN w.operation_id IS NULL AND o.outcome IS NULL THEN 'somebody has deleted its row in work'
  END AS reason,
  w.queue,
  (SELECT k.notes ->> (o.id || ' ' || o.steps_done) FROM ${schema}.worker k WHERE k.id = w.worker) AS note,
  o.key,
  o.created_at,
  o.finished_at,
  w.operation_id
FROM ${schema}.operation o
LEFT JOIN ${schema}.work w ON w.operation_id = o.id
LEFT JOIN ${schema}.definition d ON d.id = o.definition
CROSS JOIN LATERAL (
  SELECT coalesce(o.outputs, (
    SELECT coalesce(jsonb_strip_nulls(jsonb_object_agg(output.key, output.value ORDER BY s.seq)), '{}')
    FROM ${schema}.step s, jsonb_each(CASE WHEN jsonb_typeof(s.outputs) = 'object' THEN s.outputs END) AS output
    WHERE s.operation_id = o.id)) AS outputs) AS made;

CREATE VIEW ${schema}.operations AS
SELECT id, name, coalesce(outcome, status_of_work, 'waiting') AS status, step, steps_done, steps_planned,
  params, outputs, params || outputs AS context, attempts, error_class, error_message, error_frame,
  run_at, worker, reason, queue, note, key, created_at, finished_at
FROM ${schema}.operation_now;

-- The same for operations that are not completed, from the small table: fast for every status.
CREATE VIEW ${schema}.unfinished AS
SELECT id, name, status_of_work AS status, step, steps_done, steps_planned,
  params, outputs, params || outputs AS context, attempts, error_class, error_message, error_frame,
  run_at, worker, reason, queue, note, key, created_at, finished_at
FROM ${schema}.operation_now WHERE operation_id IS NOT NULL;

-- One row per step that was run, runs or is planned: those recorded, the next one, and those behind it on its branch in the
-- definition that the operation was enqueued with. Jumps may lead elsewhere.
CREATE VIEW ${schema}.steps AS
SELECT
  s.operation_id,
  s.seq,
  s.name,
  s.status,
  s.attempts,
  s.started_at,
  s.finished_at,
  CASE WHEN isfinite(s.started_at) AND isfinite(s.finished_at) THEN s.finished_at - s.started_at END AS duration,
  NULL::text AS error_class,
  NULL::text AS error_message,
  NULL::text AS stack_trace,
  (SELECT ${schema}.masked(jsonb_strip_nulls(s.outputs), d.sensitive)
    FROM ${schema}.operation o JOIN ${schema}.definition d ON d.id = o.definition WHERE o.id = s.operation_id) AS outputs
FROM ${schema}.step s
UNION ALL
SELECT
  o.id,
  o.steps_done + (rank() OVER (PARTITION BY o.id ORDER BY p.place))::int - 1,
  p.step ->> 'name',
  CASE
    WHEN p.place > here.place THEN 'pending'
    WHEN w.state IN ('running', 'failed', 'paused', 'cancelled') THEN w.state
    WHEN w.attempts > 0 THEN 'retrying'
    ELSE 'pending'
  END,
  CASE WHEN p.place = here.place THEN w.attempts ELSE 0 END,
  NULL,
  NULL,
  NULL,
  f.error_class,
  f.message,
  f.stack_trace,
  NULL
FROM ${schema}.operation o
JOIN ${schema}.work w ON w.operation_id = o.id
JOIN ${schema}.definition d ON d.id = o.definition
CROSS JOIN LATERAL jsonb_array_elements(d.steps) WITH ORDINALITY AS here(step, place)
CROSS JOIN LATERAL jsonb_array_elements(d.steps) WITH ORDINALITY AS p(step, place)
LEFT JOIN LATERAL (
  SELECT * FROM ${schema}.failure f
  WHERE p.place = here.place AND f.operation_id = o.id AND f.seq = o.steps_done AND f.step = coalesce(o.next_step, '(none)')
  ORDER BY f.id DESC LIMIT 1) AS f ON true
WHERE here.step ->> 'name' = o.next_step AND p.step ->> 'branch' = here.step ->> 'branch'
  AND (p.place = here.place OR p.place > here.place AND w.state <> 'cancelled')
UNION ALL
-- Steps of main that were passed over, by a jump or by "then": before the step at which the operation stands, or stood when it
-- went to a branch; all that did not run, once it is completed. They come behind all others.
SELECT
  o.id,
  o.steps_done + jsonb_array_length(d.steps) + p.place::int,
  p.step ->> 'name',
  'skipped',
  0,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL
FROM ${schema}.operation o
JOIN ${schema}.definition d ON d.id = o.definition
CROSS JOIN LATERAL jsonb_array_elements(d.steps) WITH ORDINALITY AS p(step, place)
WHERE p.step ->> 'branch' = 'main'
  AND NOT EXISTS (SELECT FROM ${schema}.step s WHERE s.operation_id = o.id AND s.name = p.step ->> 'name')
  AND (o.outcome = 'completed' OR p.place < (
    SELECT here.place
    FROM jsonb_array_elements(d.steps) WITH ORDINALITY AS here(step, place)
      LEFT JOIN ${schema}.step s ON s.operation_id = o.id AND s.name = here.step ->> 'name'
    WHERE here.step ->> 'branch' = 'main' AND (here.step ->> 'name' = o.next_step OR s.seq IS NOT NULL)
    ORDER BY here.step ->> 'name' = o.next_step DESC NULLS LAST, s.seq DESC LIMIT 1));

-- What is paused as a whole, by whom and why.
CREATE VIEW ${schema}.pauses AS SELECT kind, name, who, why, since FROM ${schema}.pause;

-- One row per failed attempt.
CREATE VIEW ${schema}.failures AS
SELECT
  f.id,
  f.operation_id,
  (SELECT o.name FROM ${schema}.operation o WHERE o.id = f.operation_id) AS operation,
  f.step,
  f.seq,
  f.attempt,
  f.error_class,
  f.message,
  f.frame,
  f.stack_trace,
  f.failed_at,
  f.worker
FROM ${schema}.failure f;

-- How many operations stand where. From the small table, and without those that are over.
CREATE VIEW ${schema}.counts AS
SELECT
  o.name,
  CASE WHEN w.state IN ('ready', 'scheduled') AND w.attempts > 0 THEN 'retrying' ELSE w.state END AS status,
  o.next_step AS step,
  count(*) AS operations,
  min(o.created_at) AS oldest
FROM ${schema}.work w JOIN ${schema}.operation o ON o.id = w.operation_id
WHERE w.state NOT IN ('cancelled', 'compensated')
GROUP BY 1, 2, 3;

-- What operations have failed of, for good or until the next attempt: one row per error of the same kind at the same place.
CREATE VIEW ${schema}.failure_groups AS
SELECT
  alike.name,
  alike.step,
  alike.error_class,
  alike.error_frame,
  alike.operations,
  alike.failed,
  alike.first_at,
  alike.last_at,
  sample.operation_id AS sample_id,
  sample.message AS sample_message
FROM (
  SELECT
    o.name,
    o.next_step AS step,
    last.error_class,
    last.frame AS error_frame,
    count(*) AS operations,
    count(*) FILTER (WHERE w.state = 'failed') AS failed,
    min(own.first_at) AS first_at,
    max(last.failed_at) AS last_at,
    max(own.last_id) AS sample
  FROM ${schema}.work w
  JOIN ${schema}.operation o ON o.id = w.operation_id
  CROSS JOIN LATERAL (
    SELECT min(f.failed_at) AS first_at, max(f.id) AS last_id
    FROM ${schema}.failure f WHERE f.operation_id = o.id AND f.seq = o.steps_done AND f.step = coalesce(o.next_step, '(none)')) AS own
  JOIN ${schema}.failure last ON last.id = own.last_id
  WHERE CASE WHEN w.state IN ('ready', 'scheduled') AND w.attempts > 0 THEN 'retrying' ELSE w.state END
    IN ('failed', 'retrying')
  GROUP BY 1, 2, 3, 4) AS alike
JOIN ${schema}.failure sample ON sample.id = alike.sample;

-- Operations of a name enqueued with a value, newest first: by index where the param is @Indexed. For the planner the values
-- must be in the text of the query.
CREATE FUNCTION ${schema}.by_param(name text, param text, value jsonb) RETURNS SETOF ${schema}.operations
  LANGUAGE plpgsql STABLE
  SET search_path = pg_catalog
  AS $$
    BEGIN
      RETURN QUERY EXECUTE format(
        'SELECT v.* FROM ${schema}.operation o JOIN ${schema}.operations v ON v.id = o.id'
        ' WHERE o.name = %1$L AND o.params -> %2$L = %3$L %4$s ORDER BY o.created_at DESC, o.id DESC',
        name, param, value,
        CASE WHEN octet_length(value #>> '{}') <= 200 THEN format('AND octet_length(o.params ->> %L) <= 200', param) END);
    END
  $$;

-- One row per process that runs operations, or that died a while ago.
CREATE VIEW ${schema}.workers AS
SELECT w.id, w.host, w.pid, w.started_at, w.beat_at, w.lease_end > now() AS alive
FROM ${schema}.worker w;
