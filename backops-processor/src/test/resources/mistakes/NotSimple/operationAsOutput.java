package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.util.List;

@Operation("shop")
class Shop {
    record Params(long id) {}
    @Step(output = "next") // error: NotSimple
    List<ShopOperation> charge(long id) { return List.of(); }
}
