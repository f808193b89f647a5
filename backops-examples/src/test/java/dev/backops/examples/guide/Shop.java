package dev.backops.examples.guide;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the operations of the guide call: a payment gateway, accounts and mails. It notes every call. */
class Shop {

    final List<String> calls = new CopyOnWriteArrayList<>();

    String charge(long customerId, String idempotencyKey) {
        calls.add("charge " + customerId + " " + idempotencyKey);
        return "payment-" + customerId;
    }

    void refund(String idempotencyKey) {
        calls.add("refund " + idempotencyKey);
    }

    long openAccount(String plan) {
        calls.add("open " + plan);
        return calls.size();
    }

    void mail(long customerId, String text) {
        calls.add("mail " + customerId + " " + text);
    }

    String startExport(long customerId) {
        calls.add("export " + customerId);
        return "export-" + customerId;
    }

    boolean isReady(String exportId) {
        calls.add("ask " + exportId);
        return calls.size() > 2;
    }
}
