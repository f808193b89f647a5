package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
@Transactional class Fulfillment {

    @Step final void charge() {} // warning: FinalStep
    @Step  void send() {}
}

@interface Transactional {}

@InterceptorBinding
@interface Traced {}

@interface InterceptorBinding {}
