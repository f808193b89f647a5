package dev.backops.processor;

/** A param, or an output of a step, as declared. */
record ValueDeclaration(String name, TypeUse type, Place place) {}
