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

    private OperationValidator() {}

    static Report validate(OperationDeclaration operation) {
        Report report = new Report();
        if (OperationRule.isClass(operation)) {
            RULES.forEach(rule -> rule.check(operation, report));
            if (ListingRule.isSound(report)) {
                FLOW_RULES.forEach(rule -> rule.check(operation, report));
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
