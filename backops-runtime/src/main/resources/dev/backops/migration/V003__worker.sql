-- One row per running process. Its lease covers every operation that it runs.
CREATE TABLE ${schema}.worker (
  id bigint PRIMARY KEY,
  host text NOT NULL,
  pid bigint NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  -- When the last heartbeat came, and since when they came without a gap: only such a worker may bury another.
  beat_at timestamptz NOT NULL DEFAULT now(),
  since timestamptz NOT NULL DEFAULT now(),
  -- '-infinity' once another worker has buried this one.
  lease_end timestamptz NOT NULL,
  -- How long its lease is: processes of other settings may live beside it.
  lease interval NOT NULL,
  -- The stored definitions that it can finish, and why it cannot finish others of operations that it runs, by id.
  definitions int[] NOT NULL,
  lacks jsonb NOT NULL DEFAULT '{}',
  -- The queues that it leaves to others.
  leaves text[] NOT NULL DEFAULT '{}',
  -- What its running steps say of their progress, by operation and steps done.
  notes jsonb,
  -- Whether it sleeps and wants to be told of work.
  idle boolean NOT NULL DEFAULT false
) WITH (fillfactor = 50);
