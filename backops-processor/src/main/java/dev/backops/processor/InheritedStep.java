package dev.backops.processor;

/**
 * A step that a class or interface above the operation declares; methods inherit no annotations.
 *
 * @param className the qualified name of that class
 */
record InheritedStep(String className, String simpleClassName, String method) {}
