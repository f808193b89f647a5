package demo;

import javax.annotation.processing.Generated;

/**
 * The branches of {@link Fulfillment}, {@code main} first.
 */
@Generated("dev.backops.processor.BackOpsProcessor")
public enum FulfillmentBranch {
    MAIN("main"),

    RED("red"),

    BLUE("blue"),

    UNDO("undo");

    private final String branchName;

    FulfillmentBranch(String branchName) {
        this.branchName = branchName;
    }

    /**
     * The name under which the branch is stored.
     */
    public String branchName() {
        return branchName;
    }
}
