package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.sql.Connection;
import org.jdbi.v3.core.Handle;

@Operation(value = "shop", actions = {Charge.class, Send.class})
interface Shop {}

@Operation(value = "store", actions = {Send.class, Charge.class})
interface Store {}

class Charge {
    @Step
    void call(Handle handle, Connection connection) {} // error: TwoTransactions
}

class Send { @Step void call() {} }
