package dev.backops.examples.guide;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.time.YearMonth;
import org.jdbi.v3.core.Handle;

@Operation("billing.invoicing")
class Invoicing {

    record Params(long customerId) {}

    private final BillOperation bills;

    Invoicing(BillOperation bills) {
        this.bills = bills;
    }

    @Step(output = "invoiceId")
    long writeInvoice(long customerId, Handle handle) {
        return handle.createUpdate("INSERT INTO invoice (customer) VALUES (?)")
                .bind(0, customerId)
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Long.class)
                .one();
    }

    @Step
    void orderBill(long customerId, long invoiceId, Handle handle) {
        handle.execute("UPDATE invoice SET billed = true WHERE id = ?", invoiceId);
        bills.in(handle).enqueue(customerId, YearMonth.of(2026, 5));
    }
}
