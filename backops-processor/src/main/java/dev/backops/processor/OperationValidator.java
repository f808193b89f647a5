package dev.backops.processor;

import java.util.List;

/** Finds every independent mistake of an operation class. */
final class OperationValidator {

    private static final List<Rule> RULES = List.of(
            new OperationRule(),
            new ListingRule(),
            new ParamsRule(),
            new MarkRule(),
            new EnqueueRule(),
            new StepRule(),
            new RetryRule());

    /** Those that follow the steps in their order. */
    private static final List<Rule> FLOW_RULES = List.of(
            new BranchRule(),
            new JumpRule(),
            new TimeRule(),
            new OutputRule(),
            new WiringRule(),
            new FormerNameRule(),
            new FlowRule());

    /** Those that look at names, modifiers and settings alone. */
    private static final List<Rule> RULES_WITHOUT_TYPES =
            List.of(new OperationRule(), new ListingRule(), new StepRule(), new RetryRule());

    private static final List<Rule> FLOW_RULES_WITHOUT_TYPES = List.of(
            new BranchRule(),
            (operation, report) -> operation.steps().forEach(step -> TimeRule.checkTimes(step, report)));

    private OperationValidator() {}

    static Report validate(OperationDeclaration operation) {
        return validate(operation, RULES, FLOW_RULES);
    }

    /** Finds the mistakes of an operation with step methods that are some whatever its missing types will be. */
    static Report validateWithoutTypes(OperationDeclaration operation) {
        return validate(operation, RULES_WITHOUT_TYPES, FLOW_RULES_WITHOUT_TYPES);
    }

    private static Report validate(OperationDeclaration operation, List<Rule> rules, List<Rule> flowRules) {
        Report report = new Report();
        if (OperationRule.isClass(operation)) {
            rules.forEach(rule -> rule.check(operation, report));
            if (ListingRule.isSound(report)) {
                flowRules.forEach(rule -> rule.check(operation, report));
            }
        } else {
            // What is wrong inside follows from its not being a class.
            OperationRule.reportKind(operation, report);
        }
        return report;
    }

    /** One part of what an operation must keep to. */
    interface Rule {
        void check(OperationDeclaration operation, Report report);
    }
}
