package dev.backops.processor;

/** A param, or an output of a step, as declared. */
record ValueDeclaration(String name, TypeUse type, Place place, ValueMarks marks) {

    /** What its own annotations and those inside its type say. */
    Privacy privacy() {
        return marks.privacy().and(type.privacy());
    }
}
