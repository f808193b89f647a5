-- What happened: both tables are only ever appended to.

-- One row per finished run of a step, with the outputs it set; a null output is one that it unset. A failed one is followed
-- by its failure branch; a skipped one was never run, and somebody gave its outputs.
CREATE TABLE ${schema}.step (
  operation_id bigint NOT NULL,
  started_at timestamptz NOT NULL,
  finished_at timestamptz NOT NULL,
  worker bigint NOT NULL,
  seq int NOT NULL CHECK (seq >= 0),
  token int NOT NULL,
  attempts int NOT NULL CHECK (attempts >= 0),
  name text NOT NULL,
  status text NOT NULL CHECK (status IN ('completed', 'failed', 'skipped')),
  outputs jsonb,
  PRIMARY KEY (operation_id, seq)
) WITH (autovacuum_vacuum_insert_scale_factor = 0.1, autovacuum_analyze_scale_factor = 0.05);
-- By which operations are found by their end, which is that of their last step: an index of operation would cost each of them.
-- This one costs next to nothing, since rows come in the order of time; after deletions newer ones stand between older ones,
-- hence the several spans per range.
CREATE INDEX step_finished ON ${schema}.step USING brin (finished_at timestamptz_minmax_multi_ops) WITH (autosummarize = on);

-- One row per failed attempt. Attempts count from 1 again once an operation is resumed, hence the id.
CREATE TABLE ${schema}.failure (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  operation_id bigint NOT NULL,
  failed_at timestamptz NOT NULL,
  worker bigint NOT NULL,
  seq int NOT NULL,
  token int NOT NULL,
  attempt int NOT NULL CHECK (attempt > 0),
  step text NOT NULL,
  error_class text NOT NULL,
  message text,
  frame text,
  stack_trace text NOT NULL
);
CREATE INDEX failure_operation ON ${schema}.failure (operation_id, id);
