-- Repair in place: same operation, history kept, every act noted. What Java does is these functions too.

CREATE TABLE ${schema}.audit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  operation_id bigint NOT NULL,
  act text NOT NULL,
  who text NOT NULL,
  why text,
  before jsonb NOT NULL,
  after jsonb NOT NULL,
  done_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX audit_operation ON ${schema}.audit (operation_id, id);

-- The part of an operation that repairs change.
CREATE FUNCTION ${schema}.audited(op_id bigint) RETURNS jsonb
  LANGUAGE sql STABLE
  SET search_path = pg_catalog
  AS $$
    SELECT jsonb_build_object('status', status, 'step', step, 'attempts', attempts, 'outputs', outputs)
    FROM ${schema}.operations WHERE id = op_id
  $$;

-- Locks what is left of an operation, and refuses what is over. Whoever changes an operation begins here, so that a worker's
-- record comes either before or after the whole change.
CREATE FUNCTION ${schema}.locked(op_id bigint) RETURNS ${schema}.work
  LANGUAGE plpgsql
  SET search_path = pg_catalog
  AS $$
    DECLARE
      pending ${schema}.work;
      status text;
    BEGIN
      SELECT * INTO pending FROM ${schema}.work WHERE operation_id = op_id FOR UPDATE;
      IF pending.operation_id IS NULL OR pending.state IN ('cancelled', 'compensated') THEN
        SELECT o.status INTO status FROM ${schema}.operations o WHERE o.id = op_id;
        IF status IS NULL THEN
          RAISE EXCEPTION 'There is no operation %', op_id USING ERRCODE = 'no_data_found';
        END IF;
        RAISE EXCEPTION 'Operation % is %, and what is over cannot be changed', op_id, status
          USING ERRCODE = 'object_not_in_prerequisite_state';
      END IF;
      RETURN pending;
    END
  $$;

CREATE FUNCTION ${schema}.locked_idle(op_id bigint) RETURNS ${schema}.work
  LANGUAGE plpgsql
  SET search_path = pg_catalog
  AS $$
    DECLARE
      pending ${schema}.work := ${schema}.locked(op_id);
    BEGIN
      IF pending.state = 'running' THEN
        RAISE EXCEPTION 'Operation % is running; pause it first', op_id USING ERRCODE = 'object_in_use';
      END IF;
      RETURN pending;
    END
  $$;

-- Writes down a repair, and wakes the workers for when it is committed.
CREATE FUNCTION ${schema}.note(op_id bigint, act text, who text, why text, before jsonb) RETURNS void
  LANGUAGE sql
  SET search_path = pg_catalog
  AS $$
    INSERT INTO ${schema}.audit (operation_id, act, who, why, before, after)
    VALUES (op_id, act, coalesce(who, session_user), why, before, ${schema}.audited(op_id));
    -- Most repairs make work, at once or later; what is said twice in a transaction is heard once.
    SELECT count(pg_notify('${schema}_work', signal)) FROM unnest(ARRAY['ready', 'scheduled']) AS signal
  $$;

-- Makes a failed operation go on from its failed step, with all attempts anew.
CREATE FUNCTION ${schema}.resume(op_id bigint, who text DEFAULT NULL, why text DEFAULT NULL) RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog
  AS $$
    DECLARE
      pending ${schema}.work := ${schema}.locked(op_id);
      before jsonb := ${schema}.audited(op_id);
    BEGIN
      IF pending.state <> 'failed' THEN
        RAISE EXCEPTION 'Operation % is %; only a failed operation can be resumed', op_id, before ->> 'status'
          USING ERRCODE = 'object_not_in_prerequisite_state';
      END IF;
      UPDATE ${schema}.work
      SET state = 'ready', run_at = clock_timestamp(), attempts = 0, crashes = 0, token = token + 1
      WHERE operation_id = op_id;
      PERFORM ${schema}.note(op_id, 'resume', who, why, before);
    END
  $$;

-- Ends an operation. A running one ends behind the step that runs; true if it has ended already when this returns.
CREATE FUNCTION ${schema}.cancel(op_id bigint, who text DEFAULT NULL, why text DEFAULT NULL) RETURNS boolean
  LANGUAGE plpgsql
  SET search_path = pg_catalog
  AS $$
    DECLARE
      pending ${schema}.work := ${schema}.locked(op_id);
      before jsonb := ${schema}.audited(op_id);
    BEGIN
      IF pending.state = 'running' THEN
        UPDATE ${schema}.work SET wanted = 'cancel' WHERE operation_id = op_id;
      ELSE
        UPDATE ${schema}.work SET state = 'cancelled', token = token + 1 WHERE operation_id = op_id;
        UPDATE ${schema}.operation SET outcome = 'cancelled', finished_at = clock_timestamp(), key = NULL WHERE id = op_id;
      END IF;
      PERFORM ${schema}.note(op_id, 'cancel', who, why, before);
      RETURN pending.state <> 'running';
    END
  $$;

-- Stops an operation until unpause. A running one stops behind the step that runs; true if it has stopped already.
CREATE FUNCTION ${schema}.pause(op_id bigint, who text DEFAULT NULL, why text DEFAULT NULL) RETURNS boolean
  LANGUAGE plpgsql
  SET search_path = pg_catalog
  AS $$
    DECLARE
      pending ${schema}.work := ${schema}.locked(op_id);
      before jsonb := ${schema}.audited(op_id);
    BEGIN
      IF pending.state = 'running' THEN
        UPDATE ${schema}.work SET wanted = 'pause' WHERE operation_id = op_id AND wanted IS DISTINCT FROM 'cancel';
      ELSIF pending.state IN ('ready', 'scheduled') THEN
        UPDATE ${schema}.work SET state = 'paused', token = token + 1 WHERE operation_id = op_id;
      ELSE
        RAISE EXCEPTION 'Operation % is % and cannot be paused', op_id, before ->> 'status'
          USING ERRCODE = 'object_not_in_prerequisite_state';
      END IF;
      PERFORM ${schema}.note(op_id, 'pause', who, why, before);
      RETURN pending.state <> 'running';
    END
  $$;

-- Lets a paused operation go on, at its time if that has not come yet; takes back the wish to pause a running one.
CREATE FUNCTION ${schema}.unpause(op_id bigint, who text DEFAULT NULL, why text DEFAULT NULL) RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog
  AS $$
    DECLARE
      pending ${schema}.work := ${schema}.locked(op_id);
      before jsonb := ${schema}.audited(op_id);
    BEGIN
      IF pending.state = 'paused' THEN
        UPDATE ${schema}.work
        SET state = CASE WHEN run_at > clock_timestamp() THEN 'scheduled' ELSE 'ready' END, token = token + 1
        WHERE operation_id = op_id;
      ELSIF pending.wanted = 'pause' THEN
        UPDATE ${schema}.work SET wanted = NULL WHERE operation_id = op_id;
      ELSE
        RAISE EXCEPTION 'Operation % is %, not paused', op_id, before ->> 'status'
          USING ERRCODE = 'object_not_in_prerequisite_state';
      END IF;
      PERFORM ${schema}.note(op_id, 'unpause', who, why, before);
    END
  $$;

-- Moves an operation that does not run to a step, from which it goes on at once unless it is paused.
CREATE FUNCTION ${schema}.move_to(op_id bigint, target text, act text, who text, why text) RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog
  AS $$
    DECLARE
      pending ${schema}.work := ${schema}.locked_idle(op_id);
      before jsonb := ${schema}.audited(op_id);
      planned jsonb;
      missing text;
    BEGIN
      SELECT step INTO planned FROM ${schema}.definition d, jsonb_array_elements(d.steps) AS step
      WHERE d.id = pending.definition AND step ->> 'name' = target;
      IF planned IS NULL THEN
        RAISE EXCEPTION 'Operation % has no step %', op_id, target USING ERRCODE = 'invalid_parameter_value';
      END IF;
      SELECT string_agg(need, ', ' ORDER BY need) INTO missing
      FROM jsonb_array_elements_text(planned -> 'needs') AS need, ${schema}.operations o
      WHERE o.id = op_id AND NOT o.context ? need;
      IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'Operation % cannot go on at %: % must be set first', op_id, target, missing
          USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Set it with set_output, or begin at an earlier step.';
      END IF;
      UPDATE ${schema}.operation SET next_step = target, compensating = false WHERE id = op_id;
      UPDATE ${schema}.work
      SET state = CASE WHEN state = 'paused' THEN 'paused' ELSE 'ready' END,
        run_at = clock_timestamp(), attempts = 0, crashes = 0, token = token + 1
      WHERE operation_id = op_id;
      PERFORM ${schema}.note(op_id, act, who, why, before);
    END
  $$;

-- Runs a step again that has run, or was next, and everything behind it.
CREATE FUNCTION ${schema}.retry_from(op_id bigint, step text, who text DEFAULT NULL, why text DEFAULT NULL)
  RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog
  AS $$
    BEGIN
      IF NOT EXISTS (SELECT FROM ${schema}.step s WHERE s.operation_id = op_id AND s.name = retry_from.step)
        AND NOT EXISTS (SELECT FROM ${schema}.operation o WHERE o.id = op_id AND o.next_step = retry_from.step) THEN
        PERFORM ${schema}.locked(op_id);
        RAISE EXCEPTION 'Operation % has not run step %; to go on there, jump to it', op_id, retry_from.step
          USING ERRCODE = 'object_not_in_prerequisite_state';
      END IF;
      PERFORM ${schema}.move_to(op_id, retry_from.step, 'retry_from', who, why);
    END
  $$;

-- Goes on at any step.
CREATE FUNCTION ${schema}.jump_to(op_id bigint, step text, who text DEFAULT NULL, why text DEFAULT NULL)
  RETURNS void
  LANGUAGE sql
  SET search_path = pg_catalog
  AS $$ SELECT ${schema}.move_to(op_id, step, 'jump_to', who, why) $$;

-- Gives an output another value; null unsets it. It is kept with the last recorded step, and what was there before in audit.
CREATE FUNCTION ${schema}.set_output(op_id bigint, name text, value jsonb, who text DEFAULT NULL, why text DEFAULT NULL)
  RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog
  AS $$
    DECLARE
      pending ${schema}.work := ${schema}.locked_idle(op_id);
      before jsonb := ${schema}.audited(op_id);
    BEGIN
      IF NOT EXISTS (
        SELECT FROM ${schema}.definition d, jsonb_array_elements(d.steps) AS step, jsonb_array_elements(step -> 'outputs') AS output
        WHERE d.id = pending.definition AND output ->> 'name' = set_output.name) THEN
        RAISE EXCEPTION 'Operation % has no output %', op_id, set_output.name USING ERRCODE = 'invalid_parameter_value';
      END IF;
      UPDATE ${schema}.step s SET outputs = coalesce(s.outputs, '{}') || jsonb_build_object(set_output.name, value)
      WHERE s.operation_id = op_id AND s.seq = (SELECT max(l.seq) FROM ${schema}.step l WHERE l.operation_id = op_id);
      IF NOT FOUND THEN
        RAISE EXCEPTION 'Operation % has recorded no step yet; skip the one that sets %', op_id, set_output.name
          USING ERRCODE = 'object_not_in_prerequisite_state';
      END IF;
      UPDATE ${schema}.work SET token = token + 1 WHERE operation_id = op_id;
      PERFORM ${schema}.note(op_id, 'set_output', who, why, before);
    END
  $$;

-- Goes on behind the next step without running it; the caller gives what it would have set.
CREATE FUNCTION ${schema}.skip(op_id bigint, outputs jsonb DEFAULT '{}', who text DEFAULT NULL, why text DEFAULT NULL)
  RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog
  AS $$
    DECLARE
      pending ${schema}.work := ${schema}.locked_idle(op_id);
      before jsonb := ${schema}.audited(op_id);
      here ${schema}.operation;
      planned jsonb;
      wrong text;
      following text;
    BEGIN
      SELECT * INTO here FROM ${schema}.operation WHERE id = op_id;
      SELECT step INTO planned FROM ${schema}.definition d, jsonb_array_elements(d.steps) AS step
      WHERE d.id = pending.definition AND step ->> 'name' = here.next_step;
      SELECT string_agg(output ->> 'name', ', ') INTO wrong FROM jsonb_array_elements(planned -> 'outputs') AS output
      WHERE NOT (output ->> 'nullable')::boolean AND skip.outputs -> (output ->> 'name') IS NULL;
      IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'Step % cannot be skipped without a value for %', here.next_step, wrong
          USING ERRCODE = 'invalid_parameter_value';
      END IF;
      SELECT string_agg(key, ', ') INTO wrong FROM jsonb_object_keys(skip.outputs) AS key
      WHERE NOT EXISTS (
        SELECT FROM jsonb_array_elements(planned -> 'outputs') AS output WHERE output ->> 'name' = key);
      IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'Step % does not set %', here.next_step, wrong USING ERRCODE = 'invalid_parameter_value';
      END IF;
      INSERT INTO ${schema}.step
        (operation_id, seq, name, status, token, worker, attempts, outputs, started_at, finished_at)
      VALUES (op_id, here.steps_done, here.next_step, 'skipped', pending.token, 0, 0,
        nullif(skip.outputs, '{}'), clock_timestamp(), clock_timestamp());
      following := planned ->> 'next';
      IF following IS NULL AND planned ->> 'branch' <> 'main' AND NOT here.compensating AND planned ->> 'then' IS NULL THEN
        -- Behind the last step of a branch, main goes on behind its last completed step.
        SELECT step ->> 'behind' INTO following
        FROM ${schema}.step s, ${schema}.definition d, jsonb_array_elements(d.steps) AS step
        WHERE s.operation_id = op_id AND s.status <> 'failed' AND d.id = pending.definition
          AND step ->> 'name' = s.name AND step ->> 'branch' = 'main'
        ORDER BY s.seq DESC LIMIT 1;
      END IF;
      UPDATE ${schema}.operation
      SET steps_done = steps_done + 1, next_step = following,
        outcome = CASE WHEN following IS NOT NULL THEN NULL WHEN compensating THEN 'compensated' ELSE 'completed' END,
        finished_at = CASE WHEN following IS NULL THEN clock_timestamp() END,
        outputs = CASE WHEN following IS NULL THEN ${schema}.outputs_so_far(op_id) END
      WHERE id = op_id;
      IF following IS NOT NULL THEN
        UPDATE ${schema}.work
        SET state = CASE WHEN state = 'paused' THEN 'paused' ELSE 'ready' END,
          run_at = clock_timestamp(), attempts = 0, crashes = 0, token = token + 1
        WHERE operation_id = op_id;
      ELSIF here.compensating THEN
        UPDATE ${schema}.work SET state = 'compensated', token = token + 1 WHERE operation_id = op_id;
      ELSE
        DELETE FROM ${schema}.work WHERE operation_id = op_id;
      END IF;
      PERFORM ${schema}.note(op_id, 'skip', who, why, before);
    END
  $$;
