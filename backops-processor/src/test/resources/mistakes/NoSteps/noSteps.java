package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("wrong") // error: NoSteps
class Wrong { void charge() {} }

class User { WrongStep step; WrongOperation operation; WrongContext context; }
