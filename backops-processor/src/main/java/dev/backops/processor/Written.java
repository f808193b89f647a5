package dev.backops.processor;

/** A text in an annotation, and where it stands. */
record Written(String text, Place place) {}
