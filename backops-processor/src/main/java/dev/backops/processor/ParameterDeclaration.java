package dev.backops.processor;

/** A parameter of a step. It has no place: the Eclipse compiler loses that of parameters after the first round. */
record ParameterDeclaration(String name, TypeUse type) {}
