package dev.backops.examples.guide;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.util.Optional;

@Operation("reports.export")
class Export {

    record Params(long customerId) {}

    private final Shop shop;

    Export(Shop shop) {
        this.shop = shop;
    }

    @Step(output = "exportId")
    String startExport(long customerId) {
        return shop.startExport(customerId);
    }

    enum Next {
        ASK
    }

    @Step(delay = "PT1S", jumpsTo = "ask")
    Optional<Next> ask(String exportId) {
        return shop.isReady(exportId) ? Optional.empty() : Optional.of(Next.ASK);
    }

    @Step
    void send(long customerId, String exportId) {
        shop.mail(customerId, exportId);
    }
}
