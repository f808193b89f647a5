package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    private record Receipt(String id, long cents) {}
    @Step // error: PrivateType
    Receipt charge() { return new Receipt("", 1); }
    @Step void send(String id, long cents) {}
}
