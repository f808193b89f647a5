-- Repair in place: same operation, history kept, every act noted. What Java does is these functions too.

CREATE TABLE ${schema}.audit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Null where the act is about a whole queue or name.
  operation_id bigint,
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
      IF NOT EXISTS (SELECT FROM ${schema}.operation WHERE id = op_id) THEN
        RAISE EXCEPTION 'There is no operation %', op_id USING ERRCODE = 'no_data_found';
      END IF;
      IF pending.operation_id IS NULL OR pending.state IN ('cancelled', 'compensated') THEN
        SELECT o.status INTO status FROM ${schema}.operations o WHERE o.id = op_id;
        IF status = 'waiting' THEN
          RAISE EXCEPTION 'Somebody has deleted the row of operation % in work', op_id
            USING ERRCODE = 'object_not_in_prerequisite_state';
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

-- The step behind another one that did not jump; null at the end. Behind the last step of a branch, main goes on behind
-- the last of its steps that completed.
CREATE FUNCTION ${schema}.following(steps jsonb, step text, last_main text, compensating boolean) RETURNS text
  LANGUAGE sql IMMUTABLE
  SET search_path = pg_catalog
  AS $$
    SELECT CASE
        WHEN here ->> 'next' IS NOT NULL OR here ->> 'then' IS NOT NULL THEN here ->> 'next'
        WHEN here ->> 'branch' <> 'main' AND NOT compensating THEN
          (SELECT coalesce(min(main ->> 'behind') FILTER (WHERE main ->> 'name' = last_main),
              CASE WHEN last_main IS NULL THEN (array_agg(main ->> 'name' ORDER BY place))[1] END)
            FROM jsonb_array_elements(steps) WITH ORDINALITY AS m(main, place) WHERE main ->> 'branch' = 'main')
      END
    FROM jsonb_array_elements(steps) AS here WHERE here ->> 'name' = following.step
  $$;

-- The last step of main that an operation completed.
CREATE FUNCTION ${schema}.last_main(op_id bigint) RETURNS text
  LANGUAGE sql STABLE
  SET search_path = pg_catalog
  AS $$
    SELECT s.name
    FROM ${schema}.step s, ${schema}.operation o, ${schema}.definition d, jsonb_array_elements(d.steps) AS main
    WHERE s.operation_id = op_id AND s.status <> 'failed' AND o.id = op_id AND d.id = o.definition
      AND main ->> 'name' = s.name AND main ->> 'branch' = 'main'
    ORDER BY s.seq DESC LIMIT 1
  $$;

-- What runs from where an operation stands, and which of that has run before. Only as far as it is settled now: a jump may
-- lead elsewhere, and nobody knows what follows a step that always jumps.
CREATE FUNCTION ${schema}.ahead(op_id bigint) RETURNS jsonb
  LANGUAGE plpgsql STABLE
  SET search_path = pg_catalog
  AS $$
    DECLARE
      here ${schema}.operation;
      steps jsonb;
      planned jsonb;
      last_main text := ${schema}.last_main(op_id);
      upcoming text;
      runs text[] := '{}';
    BEGIN
      SELECT * INTO here FROM ${schema}.operation o WHERE o.id = op_id;
      SELECT d.steps INTO steps FROM ${schema}.definition d WHERE d.id = here.definition;
      upcoming := CASE WHEN here.outcome IS NULL THEN here.next_step END;
      WHILE upcoming IS NOT NULL AND upcoming <> ALL (runs) LOOP
        runs := runs || upcoming;
        SELECT step INTO planned FROM jsonb_array_elements(steps) AS step WHERE step ->> 'name' = upcoming;
        EXIT WHEN (planned ->> 'alwaysJumps')::boolean;
        IF planned ->> 'branch' = 'main' THEN
          last_main := upcoming;
        END IF;
        upcoming := ${schema}.following(steps, upcoming, last_main, here.compensating);
      END LOOP;
      RETURN jsonb_build_object('runs', runs, 'again', ARRAY(
        SELECT run FROM unnest(runs) WITH ORDINALITY AS r(run, place)
        WHERE EXISTS (
          SELECT FROM ${schema}.step s WHERE s.operation_id = op_id AND s.name = run AND s.status = 'completed')
        ORDER BY place));
    END
  $$;

-- Refuses to go on at a step while something is unset that it, or one that can follow, needs.
CREATE FUNCTION ${schema}.require_needs(op_id bigint, target text) RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog
  AS $$
    DECLARE
      missing text;
    BEGIN
      SELECT string_agg(need, ', ' ORDER BY need) INTO missing
      FROM ${schema}.operation o, ${schema}.definition d, jsonb_array_elements(d.steps) AS step,
        jsonb_array_elements_text(step -> 'needs') AS need
      WHERE o.id = op_id AND d.id = o.definition AND step ->> 'name' = target
        AND NOT o.params || ${schema}.outputs_so_far(op_id) ? need;
      IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'Operation % cannot go on at %: % must be set first', op_id, target, missing
          USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Set it with set_output, or begin at an earlier step.';
      END IF;
    END
  $$;

-- When an operation may run a step behind one that is recorded now: after the step's delay and at its time, the later of
-- the two. Values are times as Java writes them; whatever else PostgreSQL takes for a time, or for now, is none.
CREATE FUNCTION ${schema}.start_time(op_id bigint, target text) RETURNS timestamptz
  LANGUAGE plpgsql STABLE
  SET search_path = pg_catalog
  AS $$
    DECLARE
      planned jsonb;
      value jsonb;
    BEGIN
      SELECT step, nullif((o.params || ${schema}.outputs_so_far(op_id)) -> (step ->> 'at'), 'null') INTO planned, value
      FROM ${schema}.operation o, ${schema}.definition d, jsonb_array_elements(d.steps) AS step
      WHERE o.id = op_id AND d.id = o.definition AND step ->> 'name' = target;
      IF value #>> '{}' !~ ('^[+-]?[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?'
        || '(Z|[+-][0-9]{2}:[0-9]{2}(:[0-9]{2})?)([[].+[]])?$') THEN
        RAISE datetime_field_overflow;
      END IF;
      RETURN greatest(
        regexp_replace(value #>> '{}', '^[+]|[[].+[]]$', '', 'g')::timestamptz,
        clock_timestamp() + coalesce((planned ->> 'delay')::interval, '0'));
    EXCEPTION
      WHEN data_exception THEN
        RAISE EXCEPTION 'Operation % cannot wait for %: the stored value of % is not a time',
            op_id, target, coalesce(planned ->> 'at', 'its delay')
          USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Give it another value, or jump to the step.';
    END
  $$;

-- Whether code could not read a value as one of a type, by the name that the definition has for the type. What only the JDK
-- knows, such as which currencies there are, is left to it.
CREATE FUNCTION ${schema}.is_misfit(type text, constants text[], value jsonb) RETURNS boolean
  LANGUAGE plpgsql STABLE
  SET search_path = pg_catalog
  AS $$
    DECLARE
      kind text := jsonb_typeof(value);
      said text := value #>> '{}';
      day constant text := '(\d{4}|\+\d{5,10}|-\d{4,10})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])';
      minute constant text := '([01]\d|2[0-3]):[0-5]\d';
      second constant text := ':[0-5]\d(\.\d{1,9})?';
      distance constant text := '(Z|[+-]\d\d:\d\d(:\d\d)?)';
      form text;
      parts text[];
    BEGIN
      IF type ~ '^(List|Set)<' THEN
        RETURN kind <> 'array' OR EXISTS (
          SELECT FROM jsonb_array_elements(CASE kind WHEN 'array' THEN value END) AS element
          WHERE ${schema}.is_misfit(substring(type FROM '<(.*)>$'), constants, element));
      ELSIF type LIKE 'Map<%' THEN
        RETURN kind <> 'object' OR EXISTS (
          SELECT FROM jsonb_each(CASE kind WHEN 'object' THEN value END) AS entry
          WHERE ${schema}.is_misfit(substring(type FROM ',(.*)>$'), constants, entry.value));
      ELSIF type = 'boolean' THEN
        RETURN kind <> 'boolean';
      ELSIF type IN ('byte', 'short', 'int', 'long', 'BigInteger') THEN
        RETURN CASE WHEN kind <> 'number' THEN true ELSE said::numeric <> trunc(said::numeric)
          OR NOT said::numeric BETWEEN -bound.most - 1 AND bound.most END
        FROM (SELECT CASE type WHEN 'byte' THEN 127 WHEN 'short' THEN 32767 WHEN 'int' THEN 2147483647
          WHEN 'long' THEN 9223372036854775807 ELSE 'Infinity'::numeric END AS most) AS bound;
      ELSIF type = 'BigDecimal' THEN
        RETURN kind <> 'number';
      ELSIF type IN ('float', 'double') THEN
        RETURN CASE kind WHEN 'string' THEN said NOT IN ('NaN', 'Infinity', '-Infinity', '-0.0')
          WHEN 'number' THEN abs(said::numeric) > CASE type WHEN 'float' THEN 3.4028235e38 ELSE 1.7976931348623157e308 END
          ELSE true END;
      ELSIF type = 'char' THEN
        RETURN kind <> 'string' OR length(said) <> 1 OR ascii(said) > 65535;
      END IF;
      form := CASE
        WHEN type LIKE 'enum %' OR type = 'String' THEN ''
        WHEN type = 'UUID' THEN '^[\da-fA-F]{8}(-[\da-fA-F]{4}){3}-[\da-fA-F]{12}$'
        WHEN type = 'URI' THEN '^([^\s%<>"{}|\\^`]|%[\da-fA-F]{2})*$'
        WHEN type = 'Currency' THEN '^[A-Z]{3}$'
        WHEN type = 'Locale' THEN '^([\dA-Za-z]{1,8}(-[\dA-Za-z]{1,8})*)?$'
        WHEN type = 'Instant' THEN '^' || day || 'T' || minute || second || distance || '$'
        WHEN type = 'OffsetDateTime' THEN '^' || day || 'T' || minute || '(' || second || ')?' || distance || '$'
        WHEN type = 'ZonedDateTime' THEN '^' || day || 'T' || minute || '(' || second || ')?' || distance || '(\[[^\]]+\])?$'
        WHEN type = 'LocalDate' THEN '^' || day || '$'
        WHEN type = 'LocalTime' THEN '^' || minute || '(' || second || ')?$'
        WHEN type = 'LocalDateTime' THEN '^' || day || 'T' || minute || '(' || second || ')?$'
        WHEN type = 'Duration' THEN
          '^[+-]?P(?=.*[^T]$)([+-]?\d+D)?(T([+-]?\d+H)?([+-]?\d+M)?([+-]?\d+([.,]\d{0,9})?S)?)?$'
        WHEN type = 'Period' THEN '^[+-]?P(?=.)([+-]?\d+Y)?([+-]?\d+M)?([+-]?\d+W)?([+-]?\d+D)?$'
        WHEN type = 'ZoneId' THEN '^([A-Za-z][A-Za-z\d~/._+:-]+|Z|[+-]\d{1,2}(:?\d\d(:?\d\d)?)?)$'
        WHEN type = 'Year' THEN '^[+-]?\d{1,9}$'
        WHEN type = 'YearMonth' THEN '^(\d{4}|\+\d{5,9}|-\d{4,9})-(0[1-9]|1[0-2])$'
      END;
      IF form IS NULL THEN
        RETURN false;
      ELSIF kind <> 'string' OR said !~ form THEN
        RETURN true;
      ELSIF type LIKE 'enum %' THEN
        RETURN cardinality(constants) > 0 AND said <> ALL (constants);
      ELSIF type IN ('Instant', 'OffsetDateTime', 'ZonedDateTime', 'LocalDate', 'LocalDateTime') THEN
        -- The calendar repeats itself every 400 years.
        parts := regexp_match(said, '^' || day);
        RETURN parts[3]::int > date_part('day',
          make_date((2000 + parts[1]::bigint % 400)::int, parts[2]::int, 1) + interval '1 month' - interval '1 day');
      END IF;
      RETURN false;
    END
  $$;

-- Refuses outputs that the code behind could not read. Nulls are outputs that are not set.
CREATE FUNCTION ${schema}.require_types(op_id bigint, vals jsonb) RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog
  AS $$
    DECLARE
      wrong text;
    BEGIN
      SELECT format('Output %s of operation %s must be %s, but %s', given.key, op_id,
          output ->> 'type' || coalesce(' (' || (
            SELECT string_agg(constant, ', ') FROM jsonb_array_elements_text(d.constants -> given.key) AS constant) || ')', ''),
          CASE WHEN given.key = ANY(d.sensitive) THEN 'the value given is not' ELSE left(given.value::text, 200) || ' is not' END)
        INTO wrong
      FROM ${schema}.operation o JOIN ${schema}.definition d ON d.id = o.definition,
        jsonb_array_elements(d.steps) AS step, jsonb_array_elements(step -> 'outputs') AS output, jsonb_each(vals) AS given
      WHERE o.id = op_id AND output ->> 'name' = given.key AND jsonb_typeof(given.value) <> 'null'
        AND ${schema}.is_misfit(output ->> 'type',
          ARRAY(SELECT jsonb_array_elements_text(d.constants -> given.key)), given.value)
      ORDER BY given.key LIMIT 1;
      IF wrong IS NOT NULL THEN
        RAISE EXCEPTION '%', wrong USING ERRCODE = 'invalid_parameter_value';
      END IF;
    END
  $$;

-- Leaves the audit row of an act, wakes the workers for when it is committed, and says what runs from here.
CREATE FUNCTION ${schema}.note(op_id bigint, act text, who text, why text, before jsonb) RETURNS jsonb
  LANGUAGE sql
  SET search_path = pg_catalog
  AS $$
    INSERT INTO ${schema}.audit (operation_id, act, who, why, before, after)
    VALUES (op_id, act, coalesce(who, session_user), why, before, ${schema}.audited(op_id));
    -- Most repairs make work, at once or later; what is said twice in a transaction is heard once.
    SELECT count(pg_notify('${schema}_work', signal)) FROM unnest(ARRAY['ready', 'scheduled']) AS signal;
    SELECT ${schema}.ahead(op_id)
  $$;

-- Removes what is not to outlast the end of an operation.
CREATE FUNCTION ${schema}.erase(op_id bigint) RETURNS void
  LANGUAGE sql
  SET search_path = pg_catalog
  AS $$
    UPDATE ${schema}.operation o SET params = ${schema}.without(o.params, d.erased), outputs = ${schema}.without(o.outputs, d.erased)
    FROM ${schema}.definition d WHERE o.id = op_id AND d.id = o.definition AND d.erased <> '{}';
    UPDATE ${schema}.step s SET outputs = ${schema}.without(s.outputs, d.erased)
    FROM ${schema}.operation o JOIN ${schema}.definition d ON d.id = o.definition
    WHERE o.id = op_id AND s.operation_id = op_id AND d.erased <> '{}'
  $$;

-- Makes a failed operation go on from its failed step, with all attempts anew.
CREATE FUNCTION ${schema}.resume(op_id bigint, who text DEFAULT NULL, why text DEFAULT NULL) RETURNS jsonb
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
      RETURN ${schema}.note(op_id, 'resume', who, why, before);
    END
  $$;

-- Ends an operation. A running one ends behind the step that runs, which is interrupted if it is to end at once; true if it
-- has ended already when this returns.
CREATE FUNCTION ${schema}.cancel(
    op_id bigint, who text DEFAULT NULL, why text DEFAULT NULL, at_once boolean DEFAULT false) RETURNS boolean
  LANGUAGE plpgsql
  SET search_path = pg_catalog
  AS $$
    DECLARE
      pending ${schema}.work := ${schema}.locked(op_id);
      before jsonb := ${schema}.audited(op_id);
    BEGIN
      IF pending.state = 'running' THEN
        UPDATE ${schema}.work SET wanted = 'cancel', at_once = cancel.at_once WHERE operation_id = op_id;
      ELSE
        UPDATE ${schema}.work SET state = 'cancelled', token = token + 1 WHERE operation_id = op_id;
        UPDATE ${schema}.operation SET outcome = 'cancelled', finished_at = clock_timestamp(), key = NULL WHERE id = op_id;
        PERFORM ${schema}.erase(op_id);
      END IF;
      PERFORM ${schema}.note(op_id, 'cancel', who, why, before);
      RETURN pending.state <> 'running';
    END
  $$;

-- Stops an operation until unpause. A running one stops behind the step that runs, which is interrupted if it is to stop at
-- once; true if it has stopped already.
CREATE FUNCTION ${schema}.pause(
    op_id bigint, who text DEFAULT NULL, why text DEFAULT NULL, at_once boolean DEFAULT false) RETURNS boolean
  LANGUAGE plpgsql
  SET search_path = pg_catalog
  AS $$
    DECLARE
      pending ${schema}.work := ${schema}.locked(op_id);
      before jsonb := ${schema}.audited(op_id);
    BEGIN
      IF pending.state = 'running' THEN
        UPDATE ${schema}.work SET wanted = 'pause', at_once = pause.at_once
        WHERE operation_id = op_id AND wanted IS DISTINCT FROM 'cancel';
      ELSIF pending.state IN ('ready', 'waiting', 'scheduled') THEN
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
CREATE FUNCTION ${schema}.unpause(op_id bigint, who text DEFAULT NULL, why text DEFAULT NULL) RETURNS jsonb
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
      RETURN ${schema}.note(op_id, 'unpause', who, why, before);
    END
  $$;

-- Moves an operation that does not run to a step, from which it goes on at once unless it is paused: whoever names the step
-- wants it now, whatever its delay and its time say.
CREATE FUNCTION ${schema}.move_to(op_id bigint, target text, act text, who text, why text) RETURNS jsonb
  LANGUAGE plpgsql
  SET search_path = pg_catalog
  AS $$
    DECLARE
      pending ${schema}.work := ${schema}.locked_idle(op_id);
      before jsonb := ${schema}.audited(op_id);
      planned jsonb;
      failing boolean;
    BEGIN
      SELECT step INTO planned FROM ${schema}.definition d, jsonb_array_elements(d.steps) AS step
      WHERE d.id = pending.definition AND step ->> 'name' = target;
      IF planned IS NULL THEN
        RAISE EXCEPTION 'Operation % has no step %', op_id, target USING ERRCODE = 'invalid_parameter_value';
      END IF;
      PERFORM ${schema}.require_needs(op_id, target);
      -- Nothing but a failure leads to a branch that no step jumps to, and at its end the operation ends.
      SELECT count(*) FILTER (WHERE step ->> 'onFailure' = branch) > 0
        AND count(*) FILTER (WHERE step ->> 'then' = branch OR step -> 'jumps' ? branch) = 0 INTO failing
      FROM ${schema}.definition d, jsonb_array_elements(d.steps) AS step, (SELECT planned ->> 'branch' AS branch) AS chosen
      WHERE d.id = pending.definition;
      UPDATE ${schema}.operation
      SET next_step = target,
        compensating = failing OR compensating AND (target = next_step OR planned ->> 'branch' <> 'main')
      WHERE id = op_id;
      UPDATE ${schema}.work
      SET state = CASE WHEN state = 'paused' THEN 'paused' ELSE 'ready' END,
        run_at = clock_timestamp(), attempts = 0, crashes = 0, token = token + 1
      WHERE operation_id = op_id;
      RETURN ${schema}.note(op_id, act, who, why, before);
    END
  $$;

-- Runs a step again that has run, or was next, and everything behind it.
CREATE FUNCTION ${schema}.retry_from(op_id bigint, step text, who text DEFAULT NULL, why text DEFAULT NULL)
  RETURNS jsonb
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
      RETURN ${schema}.move_to(op_id, retry_from.step, 'retry_from', who, why);
    END
  $$;

-- Goes on at any step.
CREATE FUNCTION ${schema}.jump_to(op_id bigint, step text, who text DEFAULT NULL, why text DEFAULT NULL)
  RETURNS jsonb
  LANGUAGE sql
  SET search_path = pg_catalog
  AS $$ SELECT ${schema}.move_to(op_id, step, 'jump_to', who, why) $$;

-- Gives an output another value; null unsets it. It is kept with the last recorded step, and what was there before in audit.
CREATE FUNCTION ${schema}.set_output(op_id bigint, name text, value jsonb, who text DEFAULT NULL, why text DEFAULT NULL)
  RETURNS jsonb
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
      PERFORM ${schema}.require_types(op_id, jsonb_build_object(set_output.name, value));
      UPDATE ${schema}.step s SET outputs = coalesce(s.outputs, '{}') || jsonb_build_object(set_output.name, value)
      WHERE s.operation_id = op_id AND s.seq = (SELECT max(l.seq) FROM ${schema}.step l WHERE l.operation_id = op_id);
      IF NOT FOUND THEN
        RAISE EXCEPTION 'Operation % has recorded no step yet; skip the one that sets %', op_id, set_output.name
          USING ERRCODE = 'object_not_in_prerequisite_state';
      END IF;
      PERFORM ${schema}.require_needs(op_id, here.next_step) FROM ${schema}.operation here WHERE here.id = op_id;
      UPDATE ${schema}.work SET token = token + 1 WHERE operation_id = op_id;
      RETURN ${schema}.note(op_id, 'set_output', who, why, before);
    END
  $$;

-- Goes on behind the next step without running it, at the time of the one behind it; the caller gives what it would have set.
CREATE FUNCTION ${schema}.skip(op_id bigint, outputs jsonb DEFAULT '{}', who text DEFAULT NULL, why text DEFAULT NULL)
  RETURNS jsonb
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
      start_at timestamptz;
    BEGIN
      SELECT * INTO here FROM ${schema}.operation WHERE id = op_id;
      SELECT step INTO planned FROM ${schema}.definition d, jsonb_array_elements(d.steps) AS step
      WHERE d.id = pending.definition AND step ->> 'name' = here.next_step;
      SELECT string_agg(output ->> 'name', ', ') INTO wrong FROM jsonb_array_elements(planned -> 'outputs') AS output
      WHERE NOT (output ->> 'nullable')::boolean AND nullif(skip.outputs -> (output ->> 'name'), 'null') IS NULL;
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
      PERFORM ${schema}.require_types(op_id, skip.outputs);
      -- What is not given is unset, as it is by a step that returns nothing for it.
      INSERT INTO ${schema}.step
        (operation_id, seq, name, status, token, worker, attempts, outputs, started_at, finished_at)
      SELECT op_id, here.steps_done, here.next_step, 'skipped', pending.token, 0, 0,
        jsonb_object_agg(output ->> 'name', skip.outputs -> (output ->> 'name')), clock_timestamp(), clock_timestamp()
      FROM jsonb_array_elements(planned -> 'outputs') AS output;
      SELECT ${schema}.following(d.steps, here.next_step, ${schema}.last_main(op_id), here.compensating) INTO following
      FROM ${schema}.definition d WHERE d.id = pending.definition;
      -- In order everything is set that is needed, but a step that always jumps has nothing behind it in order.
      PERFORM ${schema}.require_needs(op_id, following);
      start_at := ${schema}.start_time(op_id, following);
      UPDATE ${schema}.operation
      SET steps_done = steps_done + 1, next_step = following,
        outcome = CASE WHEN following IS NOT NULL THEN NULL WHEN compensating THEN 'compensated' ELSE 'completed' END,
        finished_at = CASE WHEN following IS NULL THEN
          (SELECT s.finished_at FROM ${schema}.step s WHERE s.operation_id = op_id AND s.seq = here.steps_done) END,
        outputs = CASE WHEN following IS NULL THEN ${schema}.outputs_so_far(op_id) END
      WHERE id = op_id;
      IF following IS NOT NULL THEN
        UPDATE ${schema}.work
        SET state = CASE
            WHEN state = 'paused' THEN 'paused' WHEN start_at > clock_timestamp() THEN 'scheduled' ELSE 'ready' END,
          run_at = start_at, attempts = 0, crashes = 0, token = token + 1
        WHERE operation_id = op_id;
      ELSIF here.compensating THEN
        UPDATE ${schema}.work SET state = 'compensated', attempts = 0, crashes = 0, token = token + 1 WHERE operation_id = op_id;
      ELSE
        DELETE FROM ${schema}.work WHERE operation_id = op_id;
      END IF;
      IF following IS NULL THEN
        PERFORM ${schema}.erase(op_id);
      END IF;
      RETURN ${schema}.note(op_id, 'skip', who, why, before);
    END
  $$;

-- One act on many operations: each as by itself, in id order, one that refuses left as it is. Keep it to a thousand or so
-- a call, since all stay locked to the end of the transaction.
CREATE FUNCTION ${schema}.repair_all(
    ids bigint[], act text, who text DEFAULT NULL, why text DEFAULT NULL, step text DEFAULT NULL, outputs jsonb DEFAULT '{}',
    at_once boolean DEFAULT false)
  RETURNS TABLE (id bigint, ahead jsonb, refusal text)
  LANGUAGE plpgsql
  SET search_path = pg_catalog
  AS $$
    BEGIN
      IF act NOT IN ('resume', 'cancel', 'pause', 'unpause', 'retry_from', 'jump_to', 'skip') THEN
        RAISE EXCEPTION 'There is no act %', act
          USING ERRCODE = 'invalid_parameter_value',
            HINT = 'It is resume, cancel, pause, unpause, retry_from, jump_to or skip.';
      END IF;
      FOR id IN SELECT DISTINCT one FROM unnest(ids) AS one ORDER BY one LOOP
        ahead := NULL;
        refusal := NULL;
        BEGIN
          PERFORM FROM ${schema}.work w WHERE w.operation_id = id FOR UPDATE NOWAIT;
          CASE act
            WHEN 'resume' THEN ahead := ${schema}.resume(id, who, why);
            WHEN 'cancel' THEN
              IF NOT ${schema}.cancel(id, who, why, repair_all.at_once) THEN
                -- Not ended: the step that runs now is its last one.
                ahead := (
                  SELECT jsonb_build_object('runs', ARRAY[o.next_step]) FROM ${schema}.operation o WHERE o.id = repair_all.id);
              END IF;
            WHEN 'pause' THEN
              PERFORM ${schema}.pause(id, who, why, repair_all.at_once);
              ahead := ${schema}.ahead(id);
            WHEN 'unpause' THEN ahead := ${schema}.unpause(id, who, why);
            WHEN 'retry_from' THEN ahead := ${schema}.retry_from(id, repair_all.step, who, why);
            WHEN 'jump_to' THEN ahead := ${schema}.jump_to(id, repair_all.step, who, why);
            WHEN 'skip' THEN ahead := ${schema}.skip(id, repair_all.outputs, who, why);
          END CASE;
        EXCEPTION
          WHEN lock_not_available THEN
            refusal := format('Operation %s is being changed by somebody else', id);
          WHEN no_data_found OR object_not_in_prerequisite_state OR object_in_use OR invalid_parameter_value THEN
            refusal := SQLERRM;
        END;
        RETURN NEXT;
      END LOOP;
    END
  $$;

-- Pauses a queue or all operations of a name, or lets them go on; false if that changes nothing.
CREATE FUNCTION ${schema}.set_pause(kind text, name text, paused boolean, act text, who text, why text) RETURNS boolean
  LANGUAGE plpgsql
  SET search_path = pg_catalog
  AS $$
    DECLARE
      by_whom text := coalesce(who, session_user);
    BEGIN
      IF set_pause.paused THEN
        INSERT INTO ${schema}.pause (kind, name, who, why) VALUES (set_pause.kind, set_pause.name, by_whom, set_pause.why)
        ON CONFLICT ON CONSTRAINT pause_pkey DO NOTHING;
      ELSE
        DELETE FROM ${schema}.pause p WHERE p.kind = set_pause.kind AND p.name = set_pause.name;
      END IF;
      IF NOT FOUND THEN
        RETURN false;
      END IF;
      INSERT INTO ${schema}.audit (act, who, why, before, after)
      VALUES (set_pause.act, by_whom, set_pause.why,
        jsonb_build_object(set_pause.kind, set_pause.name, 'paused', NOT set_pause.paused),
        jsonb_build_object(set_pause.kind, set_pause.name, 'paused', set_pause.paused));
      IF NOT set_pause.paused THEN
        PERFORM pg_notify('${schema}_work', 'ready');
      END IF;
      RETURN true;
    END
  $$;

-- Lets nobody begin an operation of a queue, or go on with one behind its step, until unpause_queue; false if it is paused.
CREATE FUNCTION ${schema}.pause_queue(queue text, who text DEFAULT NULL, why text DEFAULT NULL) RETURNS boolean
  LANGUAGE sql
  SET search_path = pg_catalog
  AS $$ SELECT ${schema}.set_pause('queue', queue, true, 'pause_queue', who, why) $$;

CREATE FUNCTION ${schema}.unpause_queue(queue text, who text DEFAULT NULL, why text DEFAULT NULL) RETURNS boolean
  LANGUAGE sql
  SET search_path = pg_catalog
  AS $$ SELECT ${schema}.set_pause('queue', queue, false, 'unpause_queue', who, why) $$;

-- The same for all operations of a name.
CREATE FUNCTION ${schema}.pause_name(name text, who text DEFAULT NULL, why text DEFAULT NULL) RETURNS boolean
  LANGUAGE plpgsql
  SET search_path = pg_catalog
  AS $$
    BEGIN
      IF NOT EXISTS (SELECT FROM ${schema}.definition d WHERE d.name = pause_name.name) THEN
        RAISE EXCEPTION 'There is no operation named %', pause_name.name USING ERRCODE = 'no_data_found';
      END IF;
      RETURN ${schema}.set_pause('name', pause_name.name, true, 'pause_name', who, why);
    END
  $$;

CREATE FUNCTION ${schema}.unpause_name(name text, who text DEFAULT NULL, why text DEFAULT NULL) RETURNS boolean
  LANGUAGE sql
  SET search_path = pg_catalog
  AS $$ SELECT ${schema}.set_pause('name', name, false, 'unpause_name', who, why) $$;
