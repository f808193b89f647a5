package dev.backops.examples.guide;

/** The card will be declined tomorrow, too. */
class CardDeclinedException extends RuntimeException {

    private static final long serialVersionUID = 1L;
}
