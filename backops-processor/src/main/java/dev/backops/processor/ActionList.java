package dev.backops.processor;

import java.util.List;
import java.util.Optional;

/**
 * The action types that an operation lists on one branch.
 *
 * @param branch the branch, and where it is named
 * @param mixed where a second list stands, so that the order is unknown; empty where there is one
 */
record ActionList(Written branch, Optional<Place> mixed, List<Item> items) {

    ActionList {
        items = List.copyOf(items);
    }

    /** One class that is listed. */
    sealed interface Item {

        /** An action type, with its step as this operation uses it. */
        record Action(StepDeclaration step) implements Item {}

        /** A class that does not exist, or that generated code cannot name; someone else reports that. */
        record Missing() implements Item {}

        /** An action type in a class file that the processor has not seen, so that its source cannot be known. */
        record Unprocessed(String simpleName, Place place) implements Item {}

        /**
         * What is no action type.
         *
         * @param reason what it is instead, as the end of a sentence
         */
        record Unfit(String className, String simpleName, String reason, String advice, Place place) implements Item {}
    }
}
