package demo;

import dev.backops.BackOps;
import dev.backops.Enqueued;
import dev.backops.InvalidParamsException;
import dev.backops.KeyConflictException;
import dev.backops.OperationInfo;
import dev.backops.Repairs;
import dev.backops.Search;
import dev.backops.Status;
import dev.backops.annotation.Priority;
import dev.backops.codegen.OperationClient;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationFinder;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.RetryPolicy;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.annotation.processing.Generated;
import org.jdbi.v3.core.Handle;

/**
 * Enqueues, finds and registers the operation {@code every-type}, whose steps are those of
 * {@link Shop.Everything}.
 *
 * <ol>
 *   <li>{@link Shop.Everything#readAll readAll}
 *   <li>{@link Shop.Everything#choose choose} sets {@code plans}
 *   <li>{@link Shop.Everything#count count} sets {@code count}
 * </ol>
 *
 * <p>The flow, as a Mermaid chart:
 *
 * <pre>{@code
 * flowchart TD
 *   readAll --> choose
 *   choose --> count
 *   count --> completed([completed])
 * }</pre>
 *
 * <p>Immutable and safe for every thread: an option such as {@link #key} returns another object.
 */
@Generated("dev.backops.processor.BackOpsProcessor")
final class Shop_EverythingOperation {
    private static final RetryPolicy RETRY = RetryPolicy.of(10, "PT1S", 3.0, "PT2H", 0.0);

    private static final OperationDefinition DEFINITION = OperationDefinition.named("every-type")
            .params(Shop_EverythingContext.A, Shop_EverythingContext.B, Shop_EverythingContext.C,
                    Shop_EverythingContext.D, Shop_EverythingContext.E, Shop_EverythingContext.F,
                    Shop_EverythingContext.G, Shop_EverythingContext.H, Shop_EverythingContext.I,
                    Shop_EverythingContext.J, Shop_EverythingContext.K, Shop_EverythingContext.L,
                    Shop_EverythingContext.M, Shop_EverythingContext.N, Shop_EverythingContext.O,
                    Shop_EverythingContext.P, Shop_EverythingContext.Q, Shop_EverythingContext.R,
                    Shop_EverythingContext.S, Shop_EverythingContext.T, Shop_EverythingContext.U,
                    Shop_EverythingContext.V, Shop_EverythingContext.W, Shop_EverythingContext.X,
                    Shop_EverythingContext.Y, Shop_EverythingContext.Z, Shop_EverythingContext.PLAN,
                    Shop_EverythingContext.CUSTOMER, Shop_EverythingContext.MONEY,
                    Shop_EverythingContext.SHOP, Shop_EverythingContext.LIST,
                    Shop_EverythingContext.SET, Shop_EverythingContext.MAP,
                    Shop_EverythingContext.OPTIONAL)
            .step(StepDefinition.named("readAll")
                    .reads("a", "b", "c", "d", "e", "f", "g", "h", "shop")
                    .mayRead("optional")
                    .retry(RetryPolicy.of(10, "PT1S", 2.0, "PT1H", 0.2, IllegalStateException.class,
                            IOException.class)))
            .step(StepDefinition.named("choose")
                    .reads("set", "map")
                    .outputs(Shop_EverythingContext.PLANS)
                    .retry(RETRY))
            .step(StepDefinition.named("count")
                    .reads("plans")
                    .outputs(Shop_EverythingContext.COUNT)
                    .retry(RETRY));

    private final OperationClient client;

    private Shop_EverythingOperation(OperationClient client) {
        this.client = client;
    }

    /**
     * The operation on one BackOps. Enqueueing and finding needs no step objects.
     */
    public static Shop_EverythingOperation on(BackOps backOps) {
        return new Shop_EverythingOperation(backOps.client(DEFINITION));
    }

    /**
     * Binds the steps to the object that runs them, for {@link BackOps#register}.
     */
    public static OperationSteps steps(Shop.Everything everything) {
        return OperationSteps.of(DEFINITION)
                .step("readAll", (values, run) -> {
                    everything.readAll(values.get(Shop_EverythingContext.A),
                            values.get(Shop_EverythingContext.B),
                            values.get(Shop_EverythingContext.C),
                            values.get(Shop_EverythingContext.D),
                            values.get(Shop_EverythingContext.E),
                            values.get(Shop_EverythingContext.F),
                            values.get(Shop_EverythingContext.G),
                            values.get(Shop_EverythingContext.H),
                            values.get(Shop_EverythingContext.SHOP),
                            values.find(Shop_EverythingContext.OPTIONAL));
                    return StepResult.none();
                })
                .step("choose", (values, run) -> StepResult.of(
                        Shop_EverythingContext.PLANS,
                        everything.choose(values.get(Shop_EverythingContext.SET),
                                values.get(Shop_EverythingContext.MAP))))
                .step("count", (values, run) -> StepResult.of(
                        Shop_EverythingContext.COUNT,
                        everything.count(values.get(Shop_EverythingContext.PLANS)).orElse(null)));
    }

    /**
     * Enqueues in the transaction of {@code handle}: workers see the operation once that commits, and a
     * rollback leaves no trace of it. The handle is neither committed nor closed.
     *
     * @param handle an open handle on the database of BackOps
     */
    public Shop_EverythingOperation in(Handle handle) {
        return new Shop_EverythingOperation(client.in(handle));
    }

    /**
     * Enqueues under a key: where this operation is stored with the same key already, nothing is added and
     * the id of that one is returned, with {@link Enqueued#added() added()} false. If its params differ, the
     * enqueue throws a {@link KeyConflictException}.
     */
    public Shop_EverythingOperation key(String key) {
        return new Shop_EverythingOperation(client.key(key));
    }

    /**
     * Enqueues for later: the first step does not start before {@code time}.
     */
    public Shop_EverythingOperation at(Instant time) {
        return new Shop_EverythingOperation(client.at(time));
    }

    /**
     * Enqueues for later: the first step does not start before {@code delay} has passed.
     */
    public Shop_EverythingOperation after(Duration delay) {
        return new Shop_EverythingOperation(client.after(delay));
    }

    /**
     * Enqueues with a priority, by default {@link Priority#NORMAL}: what is due starts before all that has a
     * lower one.
     */
    public Shop_EverythingOperation priority(Priority priority) {
        return new Shop_EverythingOperation(client.priority(priority));
    }

    /**
     * Enqueues one operation, in a transaction of its own that is committed when this returns; after
     * {@link #in}, in the caller's, with which it lives and dies.
     *
     * @return its id, and whether it was added; not, if it was there under the same {@link #key}
     * @throws InvalidParamsException if {@link Shop.Everything.Params} refuses the values or they cannot be stored
     * @throws KeyConflictException if it was there under the same {@link #key} with other params
     */
    public Enqueued enqueue(boolean a, Byte b, short c, Integer d, long e, float f, Double g,
            char h, String i, BigDecimal j, BigInteger k, UUID l, URI m, Currency n, Locale o,
            Instant p, OffsetDateTime q, ZonedDateTime r, LocalDate s, LocalTime t, LocalDateTime u,
            Duration v, Period w, ZoneId x, Year y, YearMonth z, Shop.Plan plan,
            Shop.CustomerId customer, Shop.Money money, Shop.Id<Shop> shop, List<String> list,
            Set<Shop.Plan> set, Map<String, Shop.CustomerId> map,
            Optional<List<Shop.Money>> optional) {
        return client.enqueue(() -> Shop_EverythingContext.values(new Shop.Everything.Params(a, b,
                c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z, plan,
                customer, money, shop, list, set, map, optional)));
    }

    /**
     * Enqueues many operations, all or none of them, as {@link #enqueue} does one, but much faster.
     *
     * @return their ids, in the order of {@code params}
     */
    public List<Enqueued> enqueueAll(Collection<Shop.Everything.Params> params) {
        return client.enqueueAll(params, Shop_EverythingContext::values);
    }

    /**
     * Enqueues by the names of the params: each that is required in turn, then those that may be missing,
     * then {@code enqueue()}.
     */
    public AStage with() {
        return a -> b -> c -> d -> e -> f -> g -> h -> i -> j -> k -> l -> m -> n -> o -> p -> q ->
                r -> s -> t -> u -> v -> w -> x -> y -> z -> plan -> customer -> money -> shop ->
                list -> set -> map -> new LastStage(this, a, b, c, d, e, f, g, h, i, j, k, l, m, n,
                o, p, q, r, s, t, u, v, w, x, y, z, plan, customer, money, shop, list, set, map,
                Optional.empty());
    }

    /**
     * Finds the newest operations in one of these statuses, or in any where none is given.
     */
    public Finder find(Status... statuses) {
        return find(Search.of(statuses));
    }

    /**
     * Finds operations by status and id, as many as the search says.
     */
    public Finder find(Search search) {
        return new Finder(client.find(search, Shop_EverythingContext::new));
    }

    /**
     * Asks for the param {@code a}.
     */
    public interface AStage {
        BStage a(boolean a);
    }

    /**
     * Asks for the param {@code b}.
     */
    public interface BStage {
        CStage b(Byte b);
    }

    /**
     * Asks for the param {@code c}.
     */
    public interface CStage {
        DStage c(short c);
    }

    /**
     * Asks for the param {@code d}.
     */
    public interface DStage {
        EStage d(Integer d);
    }

    /**
     * Asks for the param {@code e}.
     */
    public interface EStage {
        FStage e(long e);
    }

    /**
     * Asks for the param {@code f}.
     */
    public interface FStage {
        GStage f(float f);
    }

    /**
     * Asks for the param {@code g}.
     */
    public interface GStage {
        HStage g(Double g);
    }

    /**
     * Asks for the param {@code h}.
     */
    public interface HStage {
        IStage h(char h);
    }

    /**
     * Asks for the param {@code i}.
     */
    public interface IStage {
        JStage i(String i);
    }

    /**
     * Asks for the param {@code j}.
     */
    public interface JStage {
        KStage j(BigDecimal j);
    }

    /**
     * Asks for the param {@code k}.
     */
    public interface KStage {
        LStage k(BigInteger k);
    }

    /**
     * Asks for the param {@code l}.
     */
    public interface LStage {
        MStage l(UUID l);
    }

    /**
     * Asks for the param {@code m}.
     */
    public interface MStage {
        NStage m(URI m);
    }

    /**
     * Asks for the param {@code n}.
     */
    public interface NStage {
        OStage n(Currency n);
    }

    /**
     * Asks for the param {@code o}.
     */
    public interface OStage {
        PStage o(Locale o);
    }

    /**
     * Asks for the param {@code p}.
     */
    public interface PStage {
        QStage p(Instant p);
    }

    /**
     * Asks for the param {@code q}.
     */
    public interface QStage {
        RStage q(OffsetDateTime q);
    }

    /**
     * Asks for the param {@code r}.
     */
    public interface RStage {
        SStage r(ZonedDateTime r);
    }

    /**
     * Asks for the param {@code s}.
     */
    public interface SStage {
        TStage s(LocalDate s);
    }

    /**
     * Asks for the param {@code t}.
     */
    public interface TStage {
        UStage t(LocalTime t);
    }

    /**
     * Asks for the param {@code u}.
     */
    public interface UStage {
        VStage u(LocalDateTime u);
    }

    /**
     * Asks for the param {@code v}.
     */
    public interface VStage {
        WStage v(Duration v);
    }

    /**
     * Asks for the param {@code w}.
     */
    public interface WStage {
        XStage w(Period w);
    }

    /**
     * Asks for the param {@code x}.
     */
    public interface XStage {
        YStage x(ZoneId x);
    }

    /**
     * Asks for the param {@code y}.
     */
    public interface YStage {
        ZStage y(Year y);
    }

    /**
     * Asks for the param {@code z}.
     */
    public interface ZStage {
        PlanStage z(YearMonth z);
    }

    /**
     * Asks for the param {@code plan}.
     */
    public interface PlanStage {
        CustomerStage plan(Shop.Plan plan);
    }

    /**
     * Asks for the param {@code customer}.
     */
    public interface CustomerStage {
        MoneyStage customer(Shop.CustomerId customer);
    }

    /**
     * Asks for the param {@code money}.
     */
    public interface MoneyStage {
        ShopStage money(Shop.Money money);
    }

    /**
     * Asks for the param {@code shop}.
     */
    public interface ShopStage {
        ListStage shop(Shop.Id<Shop> shop);
    }

    /**
     * Asks for the param {@code list}.
     */
    public interface ListStage {
        SetStage list(List<String> list);
    }

    /**
     * Asks for the param {@code set}.
     */
    public interface SetStage {
        MapStage set(Set<Shop.Plan> set);
    }

    /**
     * Asks for the param {@code map}.
     */
    public interface MapStage {
        LastStage map(Map<String, Shop.CustomerId> map);
    }

    /**
     * Has all that is required; takes what may be missing, and enqueues.
     */
    public static final class LastStage {
        private final Shop_EverythingOperation operation;

        private final boolean a;

        private final Byte b;

        private final short c;

        private final Integer d;

        private final long e;

        private final float f;

        private final Double g;

        private final char h;

        private final String i;

        private final BigDecimal j;

        private final BigInteger k;

        private final UUID l;

        private final URI m;

        private final Currency n;

        private final Locale o;

        private final Instant p;

        private final OffsetDateTime q;

        private final ZonedDateTime r;

        private final LocalDate s;

        private final LocalTime t;

        private final LocalDateTime u;

        private final Duration v;

        private final Period w;

        private final ZoneId x;

        private final Year y;

        private final YearMonth z;

        private final Shop.Plan plan;

        private final Shop.CustomerId customer;

        private final Shop.Money money;

        private final Shop.Id<Shop> shop;

        private final List<String> list;

        private final Set<Shop.Plan> set;

        private final Map<String, Shop.CustomerId> map;

        private final Optional<List<Shop.Money>> optional;

        private LastStage(Shop_EverythingOperation operation, boolean a, Byte b, short c, Integer d,
                long e, float f, Double g, char h, String i, BigDecimal j, BigInteger k, UUID l,
                URI m, Currency n, Locale o, Instant p, OffsetDateTime q, ZonedDateTime r,
                LocalDate s, LocalTime t, LocalDateTime u, Duration v, Period w, ZoneId x, Year y,
                YearMonth z, Shop.Plan plan, Shop.CustomerId customer, Shop.Money money,
                Shop.Id<Shop> shop, List<String> list, Set<Shop.Plan> set,
                Map<String, Shop.CustomerId> map, Optional<List<Shop.Money>> optional) {
            this.operation = operation;
            this.a = a;
            this.b = b;
            this.c = c;
            this.d = d;
            this.e = e;
            this.f = f;
            this.g = g;
            this.h = h;
            this.i = i;
            this.j = j;
            this.k = k;
            this.l = l;
            this.m = m;
            this.n = n;
            this.o = o;
            this.p = p;
            this.q = q;
            this.r = r;
            this.s = s;
            this.t = t;
            this.u = u;
            this.v = v;
            this.w = w;
            this.x = x;
            this.y = y;
            this.z = z;
            this.plan = plan;
            this.customer = customer;
            this.money = money;
            this.shop = shop;
            this.list = list;
            this.set = set;
            this.map = map;
            this.optional = optional;
        }

        /**
         * The param {@code optional}, which may be left out.
         */
        public LastStage optional(List<Shop.Money> optional) {
            return new LastStage(operation, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s,
                    t, u, v, w, x, y, z, plan, customer, money, shop, list, set, map,
                    Optional.of(optional));
        }

        /**
         * Enqueues, as {@link Shop_EverythingOperation#enqueue} does.
         */
        public Enqueued enqueue() {
            return operation.enqueue(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u,
                    v, w, x, y, z, plan, customer, money, shop, list, set, map, optional);
        }
    }

    /**
     * A search for operations, newest first. Immutable: each param or output given returns another finder.
     */
    public static final class Finder {
        private final OperationFinder<Shop_EverythingContext> finder;

        private Finder(OperationFinder<Shop_EverythingContext> finder) {
            this.finder = finder;
        }

        /**
         * Only those enqueued with this {@code a}.
         */
        public Finder a(boolean a) {
            return new Finder(finder.where(Shop_EverythingContext.A, a));
        }

        /**
         * Only those enqueued with this {@code b}.
         */
        public Finder b(Byte b) {
            return new Finder(finder.where(Shop_EverythingContext.B, b));
        }

        /**
         * Only those enqueued with this {@code c}.
         */
        public Finder c(short c) {
            return new Finder(finder.where(Shop_EverythingContext.C, c));
        }

        /**
         * Only those enqueued with this {@code d}.
         */
        public Finder d(Integer d) {
            return new Finder(finder.where(Shop_EverythingContext.D, d));
        }

        /**
         * Only those enqueued with this {@code e}.
         */
        public Finder e(long e) {
            return new Finder(finder.where(Shop_EverythingContext.E, e));
        }

        /**
         * Only those enqueued with this {@code f}.
         */
        public Finder f(float f) {
            return new Finder(finder.where(Shop_EverythingContext.F, f));
        }

        /**
         * Only those enqueued with this {@code g}.
         */
        public Finder g(Double g) {
            return new Finder(finder.where(Shop_EverythingContext.G, g));
        }

        /**
         * Only those enqueued with this {@code h}.
         */
        public Finder h(char h) {
            return new Finder(finder.where(Shop_EverythingContext.H, h));
        }

        /**
         * Only those enqueued with this {@code i}.
         */
        public Finder i(String i) {
            return new Finder(finder.where(Shop_EverythingContext.I, i));
        }

        /**
         * Only those enqueued with this {@code j}.
         */
        public Finder j(BigDecimal j) {
            return new Finder(finder.where(Shop_EverythingContext.J, j));
        }

        /**
         * Only those enqueued with this {@code k}.
         */
        public Finder k(BigInteger k) {
            return new Finder(finder.where(Shop_EverythingContext.K, k));
        }

        /**
         * Only those enqueued with this {@code l}.
         */
        public Finder l(UUID l) {
            return new Finder(finder.where(Shop_EverythingContext.L, l));
        }

        /**
         * Only those enqueued with this {@code m}.
         */
        public Finder m(URI m) {
            return new Finder(finder.where(Shop_EverythingContext.M, m));
        }

        /**
         * Only those enqueued with this {@code n}.
         */
        public Finder n(Currency n) {
            return new Finder(finder.where(Shop_EverythingContext.N, n));
        }

        /**
         * Only those enqueued with this {@code o}.
         */
        public Finder o(Locale o) {
            return new Finder(finder.where(Shop_EverythingContext.O, o));
        }

        /**
         * Only those enqueued with this {@code p}.
         */
        public Finder p(Instant p) {
            return new Finder(finder.where(Shop_EverythingContext.P, p));
        }

        /**
         * Only those enqueued with this {@code q}.
         */
        public Finder q(OffsetDateTime q) {
            return new Finder(finder.where(Shop_EverythingContext.Q, q));
        }

        /**
         * Only those enqueued with this {@code r}.
         */
        public Finder r(ZonedDateTime r) {
            return new Finder(finder.where(Shop_EverythingContext.R, r));
        }

        /**
         * Only those enqueued with this {@code s}.
         */
        public Finder s(LocalDate s) {
            return new Finder(finder.where(Shop_EverythingContext.S, s));
        }

        /**
         * Only those enqueued with this {@code t}.
         */
        public Finder t(LocalTime t) {
            return new Finder(finder.where(Shop_EverythingContext.T, t));
        }

        /**
         * Only those enqueued with this {@code u}.
         */
        public Finder u(LocalDateTime u) {
            return new Finder(finder.where(Shop_EverythingContext.U, u));
        }

        /**
         * Only those enqueued with this {@code v}.
         */
        public Finder v(Duration v) {
            return new Finder(finder.where(Shop_EverythingContext.V, v));
        }

        /**
         * Only those enqueued with this {@code w}.
         */
        public Finder w(Period w) {
            return new Finder(finder.where(Shop_EverythingContext.W, w));
        }

        /**
         * Only those enqueued with this {@code x}.
         */
        public Finder x(ZoneId x) {
            return new Finder(finder.where(Shop_EverythingContext.X, x));
        }

        /**
         * Only those enqueued with this {@code y}.
         */
        public Finder y(Year y) {
            return new Finder(finder.where(Shop_EverythingContext.Y, y));
        }

        /**
         * Only those enqueued with this {@code z}.
         */
        public Finder z(YearMonth z) {
            return new Finder(finder.where(Shop_EverythingContext.Z, z));
        }

        /**
         * Only those enqueued with this {@code plan}.
         */
        public Finder plan(Shop.Plan plan) {
            return new Finder(finder.where(Shop_EverythingContext.PLAN, plan));
        }

        /**
         * Only those enqueued with this {@code customer}.
         */
        public Finder customer(Shop.CustomerId customer) {
            return new Finder(finder.where(Shop_EverythingContext.CUSTOMER, customer));
        }

        /**
         * Only those enqueued with this {@code money}.
         */
        public Finder money(Shop.Money money) {
            return new Finder(finder.where(Shop_EverythingContext.MONEY, money));
        }

        /**
         * Only those enqueued with this {@code shop}.
         */
        public Finder shop(Shop.Id<Shop> shop) {
            return new Finder(finder.where(Shop_EverythingContext.SHOP, shop));
        }

        /**
         * Only those enqueued with this {@code list}.
         */
        public Finder list(List<String> list) {
            return new Finder(finder.where(Shop_EverythingContext.LIST, list));
        }

        /**
         * Only those enqueued with this {@code set}.
         */
        public Finder set(Set<Shop.Plan> set) {
            return new Finder(finder.where(Shop_EverythingContext.SET, set));
        }

        /**
         * Only those enqueued with this {@code map}.
         */
        public Finder map(Map<String, Shop.CustomerId> map) {
            return new Finder(finder.where(Shop_EverythingContext.MAP, map));
        }

        /**
         * Only those enqueued with this {@code optional}; empty finds those without.
         */
        public Finder optional(Optional<List<Shop.Money>> optional) {
            return new Finder(finder.where(Shop_EverythingContext.OPTIONAL, optional.orElse(null)));
        }

        /**
         * Only those whose steps have set this {@code plans}.
         */
        public Finder plans(List<Shop.Plan> plans) {
            return new Finder(finder.where(Shop_EverythingContext.PLANS, plans));
        }

        /**
         * Only those whose steps have set this {@code count}.
         */
        public Finder count(Integer count) {
            return new Finder(finder.where(Shop_EverythingContext.COUNT, count));
        }

        /**
         * Those found, newest first, as many as the search allows.
         */
        public List<OperationInfo<Shop_EverythingContext>> list() {
            return finder.list();
        }

        /**
         * The newest of those found.
         */
        public Optional<OperationInfo<Shop_EverythingContext>> first() {
            return finder.first();
        }

        /**
         * How many there are, however many the search allows.
         */
        public long count() {
            return finder.count();
        }

        /**
         * Repairs those found, as many as the search allows.
         */
        public Repairs repair() {
            return finder.repair();
        }
    }
}
