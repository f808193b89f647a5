package dev.backops.chaos;

import dev.backops.testkit.Sql;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which process was granted a lease when and until when, as a trigger has noted it whatever became of the lease. */
final class Leases {

    /** Creates what notes them; the tables of BackOps must be there. */
    static final String CREATE = """
            CREATE TABLE IF NOT EXISTS public.lease (
              worker bigint NOT NULL, pid bigint NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp(), until timestamptz);
            CREATE OR REPLACE FUNCTION public.note_lease() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF TG_OP = 'DELETE' THEN
                INSERT INTO public.lease (worker, pid) VALUES (OLD.id, OLD.pid);
              ELSIF TG_OP = 'INSERT' OR NEW.lease_end > OLD.lease_end THEN
                INSERT INTO public.lease (worker, pid, until) VALUES (NEW.id, NEW.pid, NEW.lease_end);
              END IF;
              RETURN NULL;
            END $$;
            CREATE OR REPLACE TRIGGER note_lease AFTER INSERT OR UPDATE OR DELETE ON backops.worker
            FOR EACH ROW EXECUTE FUNCTION public.note_lease();
            """;

    private final List<Grant> grants = new ArrayList<>();

    Leases(Sql sql) {
        sql.each("SELECT worker, pid, at, until FROM public.lease ORDER BY at", row -> {
            Timestamp until = row.getTimestamp(4);
            grants.add(new Grant(
                    row.getLong(1),
                    row.getLong(2),
                    row.getTimestamp(3).toInstant(),
                    until == null ? null : until.toInstant()));
        });
    }

    /** Whether the lease under which a process began something at one time still held at another one. */
    boolean held(long pid, Instant begin, Instant time) {
        return worker(pid, begin)
                .flatMap(worker -> grants.stream()
                        .filter(grant -> grant.worker == worker && grant.until != null && !grant.at.isAfter(time))
                        .max(Comparator.comparing(Grant::at)))
                .filter(grant -> grant.until != null && grant.until.isAfter(time))
                .isPresent();
    }

    /** The worker that a process was at a time: after it was taken for dead it goes on as another one. */
    private Optional<Long> worker(long pid, Instant time) {
        return grants.stream()
                .filter(grant -> grant.pid == pid && !grant.at.isAfter(time))
                .reduce((first, second) -> second)
                .map(Grant::worker);
    }

    /** How long after its death a process had lost all of its operations to others, if it has been a worker. */
    Optional<Duration> rescue(long pid, Instant death) {
        return grants.stream()
                .filter(grant -> grant.pid == pid && grant.until == null && grant.at.isAfter(death))
                .findFirst()
                .map(grant -> Duration.between(death, grant.at));
    }

    /**
     * A row.
     *
     * @param until null if the worker is gone
     */
    private record Grant(
            long worker, long pid, Instant at, @Nullable Instant until) {}
}
