package dev.backops.processor;

import java.util.function.BiFunction;

/** What holds for params and outputs alike. */
final class ValueRule {

    private ValueRule() {}

    /** The getter of the context and the methods of the finder bear the name. */
    static boolean checkName(String name, Place place, String role, Report report) {
        if (!JavaNames.isIdentifier(name)) {
            report.error(
                    "ReservedName",
                    place,
                    role + " \"" + name + "\" is not a Java identifier.",
                    "Later steps take it as a parameter of that name; pick one like \"transactionId\".");
            return false;
        }
        if (JavaNames.isMethodOfObject(name)) {
            report.error(
                    "ReservedName",
                    place,
                    role + " \"" + name + "\" is named like a method of Object, which a getter cannot be.",
                    "Pick another name.");
            return false;
        }
        return true;
    }

    static void checkType(
            ValueDeclaration value, String role, BiFunction<Refusal, String, String> advice, Report report) {
        String subject = role + " \"" + value.name() + "\" is ";
        if (value.type().shape() instanceof Shape.Refused refused) {
            report.error(
                    "NotSimple",
                    value.place(),
                    subject + withArticle(value.type().text()) + ", which is not a simple type.",
                    advice.apply(refused.refusal(), value.name()));
        } else if (value.type().shape() instanceof Shape.Hidden hidden) {
            report.error(
                    "PrivateType",
                    value.place(),
                    subject + withArticle(value.type().text()) + ", but generated code cannot name " + hidden.typeName()
                            + ".",
                    "Make " + hidden.typeName() + " and the classes around it at least package-private.");
        }
    }

    /** A type in a sentence. */
    static String withArticle(String type) {
        String simpleName = type.replaceAll("<.*", "").replaceAll(".*\\.", "");
        boolean vowel = "AEIOUaeio".indexOf(simpleName.charAt(0)) >= 0 && simpleName.equals(type);
        return (vowel ? "an " : "a ") + type;
    }
}
