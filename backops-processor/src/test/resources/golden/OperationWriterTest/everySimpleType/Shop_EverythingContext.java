package demo;

import dev.backops.codegen.Field;
import dev.backops.codegen.Types;
import dev.backops.codegen.Values;
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
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.annotation.processing.Generated;

/**
 * The params of a {@link Shop.Everything}, and what its steps have returned so far.
 */
@Generated("dev.backops.processor.BackOpsProcessor")
final class Shop_EverythingContext {
    static final Field<Boolean> A = Field.required("a", Types.BOOLEAN);

    static final Field<Byte> B = Field.required("b", Types.BYTE);

    static final Field<Short> C = Field.required("c", Types.SHORT);

    static final Field<Integer> D = Field.required("d", Types.INT);

    static final Field<Long> E = Field.required("e", Types.LONG);

    static final Field<Float> F = Field.required("f", Types.FLOAT);

    static final Field<Double> G = Field.required("g", Types.DOUBLE);

    static final Field<Character> H = Field.required("h", Types.CHAR);

    static final Field<String> I = Field.required("i", Types.STRING);

    static final Field<BigDecimal> J = Field.required("j", Types.BIG_DECIMAL);

    static final Field<BigInteger> K = Field.required("k", Types.BIG_INTEGER);

    static final Field<UUID> L = Field.required("l", Types.UUID);

    static final Field<URI> M = Field.required("m", Types.URI);

    static final Field<Currency> N = Field.required("n", Types.CURRENCY);

    static final Field<Locale> O = Field.required("o", Types.LOCALE);

    static final Field<Instant> P = Field.required("p", Types.INSTANT);

    static final Field<OffsetDateTime> Q = Field.required("q", Types.OFFSET_DATE_TIME);

    static final Field<ZonedDateTime> R = Field.required("r", Types.ZONED_DATE_TIME);

    static final Field<LocalDate> S = Field.required("s", Types.LOCAL_DATE);

    static final Field<LocalTime> T = Field.required("t", Types.LOCAL_TIME);

    static final Field<LocalDateTime> U = Field.required("u", Types.LOCAL_DATE_TIME);

    static final Field<Duration> V = Field.required("v", Types.DURATION);

    static final Field<Period> W = Field.required("w", Types.PERIOD);

    static final Field<ZoneId> X = Field.required("x", Types.ZONE_ID);

    static final Field<Year> Y = Field.required("y", Types.YEAR);

    static final Field<YearMonth> Z = Field.required("z", Types.YEAR_MONTH);

    static final Field<Shop.Plan> PLAN = Field.required("plan",
            Types.enumOf("Plan", Shop.Plan.values()));

    static final Field<Shop.CustomerId> CUSTOMER = Field.required("customer",
            Types.wrapper(Types.LONG, Shop.CustomerId::value, Shop.CustomerId::new));

    static final Field<Shop.Money> MONEY = Field.required("money",
            Types.<Shop.Money, BigDecimal>wrapper(Types.BIG_DECIMAL, id -> id.amount(),
            value -> new Shop.Money(value)));

    static final Field<Shop.Id<Shop>> SHOP = Field.required("shop",
            Types.<Shop.Id<Shop>, UUID>wrapper(Types.UUID, id -> id.value(),
            value -> new Shop.Id<Shop>(value)));

    static final Field<List<String>> LIST = Field.required("list", Types.listOf(Types.STRING));

    static final Field<Set<Shop.Plan>> SET = Field.required("set",
            Types.setOf(Types.enumOf("Plan", Shop.Plan.values())));

    static final Field<Map<String, Shop.CustomerId>> MAP = Field.required("map",
            Types.mapOf(Types.wrapper(Types.LONG, Shop.CustomerId::value, Shop.CustomerId::new)));

    static final Field<List<Shop.Money>> OPTIONAL = Field.nullable("optional",
            Types.listOf(Types.<Shop.Money, BigDecimal>wrapper(Types.BIG_DECIMAL, id -> id.amount(),
            value -> new Shop.Money(value))));

    static final Field<List<Shop.Plan>> PLANS = Field.required("plans",
            Types.listOf(Types.enumOf("Plan", Shop.Plan.values())));

    static final Field<Integer> COUNT = Field.nullable("count", Types.INT);

    private final Values values;

    Shop_EverythingContext(Values values) {
        this.values = values;
    }

    /**
     * The context of an operation that has not run yet, for tests that call steps directly.
     */
    public static Shop_EverythingContext of(Shop.Everything.Params params) {
        return new Shop_EverythingContext(values(params));
    }

    static Values values(Shop.Everything.Params params) {
        return Values.of(A, params.a())
                .and(B, params.b())
                .and(C, params.c())
                .and(D, params.d())
                .and(E, params.e())
                .and(F, params.f())
                .and(G, params.g())
                .and(H, params.h())
                .and(I, params.i())
                .and(J, params.j())
                .and(K, params.k())
                .and(L, params.l())
                .and(M, params.m())
                .and(N, params.n())
                .and(O, params.o())
                .and(P, params.p())
                .and(Q, params.q())
                .and(R, params.r())
                .and(S, params.s())
                .and(T, params.t())
                .and(U, params.u())
                .and(V, params.v())
                .and(W, params.w())
                .and(X, params.x())
                .and(Y, params.y())
                .and(Z, params.z())
                .and(PLAN, params.plan())
                .and(CUSTOMER, params.customer())
                .and(MONEY, params.money())
                .and(SHOP, params.shop())
                .and(LIST, params.list())
                .and(SET, params.set())
                .and(MAP, params.map())
                .and(OPTIONAL, params.optional().orElse(null));
    }

    /**
     * The param {@code a}.
     */
    public boolean a() {
        return values.get(A);
    }

    /**
     * The param {@code b}.
     */
    public Byte b() {
        return values.get(B);
    }

    /**
     * The param {@code c}.
     */
    public short c() {
        return values.get(C);
    }

    /**
     * The param {@code d}.
     */
    public Integer d() {
        return values.get(D);
    }

    /**
     * The param {@code e}.
     */
    public long e() {
        return values.get(E);
    }

    /**
     * The param {@code f}.
     */
    public float f() {
        return values.get(F);
    }

    /**
     * The param {@code g}.
     */
    public Double g() {
        return values.get(G);
    }

    /**
     * The param {@code h}.
     */
    public char h() {
        return values.get(H);
    }

    /**
     * The param {@code i}.
     */
    public String i() {
        return values.get(I);
    }

    /**
     * The param {@code j}.
     */
    public BigDecimal j() {
        return values.get(J);
    }

    /**
     * The param {@code k}.
     */
    public BigInteger k() {
        return values.get(K);
    }

    /**
     * The param {@code l}.
     */
    public UUID l() {
        return values.get(L);
    }

    /**
     * The param {@code m}.
     */
    public URI m() {
        return values.get(M);
    }

    /**
     * The param {@code n}.
     */
    public Currency n() {
        return values.get(N);
    }

    /**
     * The param {@code o}.
     */
    public Locale o() {
        return values.get(O);
    }

    /**
     * The param {@code p}.
     */
    public Instant p() {
        return values.get(P);
    }

    /**
     * The param {@code q}.
     */
    public OffsetDateTime q() {
        return values.get(Q);
    }

    /**
     * The param {@code r}.
     */
    public ZonedDateTime r() {
        return values.get(R);
    }

    /**
     * The param {@code s}.
     */
    public LocalDate s() {
        return values.get(S);
    }

    /**
     * The param {@code t}.
     */
    public LocalTime t() {
        return values.get(T);
    }

    /**
     * The param {@code u}.
     */
    public LocalDateTime u() {
        return values.get(U);
    }

    /**
     * The param {@code v}.
     */
    public Duration v() {
        return values.get(V);
    }

    /**
     * The param {@code w}.
     */
    public Period w() {
        return values.get(W);
    }

    /**
     * The param {@code x}.
     */
    public ZoneId x() {
        return values.get(X);
    }

    /**
     * The param {@code y}.
     */
    public Year y() {
        return values.get(Y);
    }

    /**
     * The param {@code z}.
     */
    public YearMonth z() {
        return values.get(Z);
    }

    /**
     * The param {@code plan}.
     */
    public Shop.Plan plan() {
        return values.get(PLAN);
    }

    /**
     * The param {@code customer}.
     */
    public Shop.CustomerId customer() {
        return values.get(CUSTOMER);
    }

    /**
     * The param {@code money}.
     */
    public Shop.Money money() {
        return values.get(MONEY);
    }

    /**
     * The param {@code shop}.
     */
    public Shop.Id<Shop> shop() {
        return values.get(SHOP);
    }

    /**
     * The param {@code list}.
     */
    public List<String> list() {
        return values.get(LIST);
    }

    /**
     * The param {@code set}.
     */
    public Set<Shop.Plan> set() {
        return values.get(SET);
    }

    /**
     * The param {@code map}.
     */
    public Map<String, Shop.CustomerId> map() {
        return values.get(MAP);
    }

    /**
     * The param {@code optional}; empty if it was enqueued without.
     */
    public Optional<List<Shop.Money>> optional() {
        return values.find(OPTIONAL);
    }

    /**
     * What {@link Shop.Everything#choose choose} returned, if it is set.
     */
    public Optional<List<Shop.Plan>> plans() {
        return values.find(PLANS);
    }

    /**
     * What {@link Shop.Everything#count count} returned, if it is set.
     */
    public Optional<Integer> count() {
        return values.find(COUNT);
    }
}
