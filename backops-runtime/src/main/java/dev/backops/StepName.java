package dev.backops;

/** Names a step of an operation; the generated {@code XStep} does. */
public interface StepName {

    /** The name under which the step is stored. */
    String stepName();
}
