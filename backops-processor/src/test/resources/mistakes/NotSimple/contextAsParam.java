package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("shop")
class Shop {
    record Params(long id) {}
    @Step void charge(long id) {}
}

@Operation("mail")
class Mail { // ecj error: NotSimple
    record Params(
        ShopContext shop) {} // javac error: NotSimple
    @Step void send(MailContext context) {}
}
