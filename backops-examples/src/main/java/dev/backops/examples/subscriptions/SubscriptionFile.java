package dev.backops.examples.subscriptions;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The subscriptions of a file, and the rows that are none.
 *
 * @param name the file's name, for messages
 * @param rows those that can be fulfilled, in the order of the file
 * @param rejected those that cannot
 */
record SubscriptionFile(String name, List<Row> rows, List<Rejected> rejected) {

    private static final String EXAMPLE = "subscriptions.csv";

    /** A row that can be fulfilled, and the line where it begins. */
    record Row(long line, Fulfillment.Params params) {}

    /** A row that cannot be fulfilled, and why. */
    record Rejected(long line, String reason) {}

    SubscriptionFile {
        rows = List.copyOf(rows);
        rejected = List.copyOf(rejected);
    }

    /** The file that comes with the example. */
    static SubscriptionFile example() {
        try (InputStream in = SubscriptionFile.class.getResourceAsStream(EXAMPLE)) {
            return parse(EXAMPLE, Objects.requireNonNull(in, EXAMPLE).readAllBytes());
        } catch (IOException e) {
            throw new JobException(EXAMPLE + " cannot be read: " + JobException.reason(e), e);
        }
    }

    /**
     * Reads a file.
     *
     * @throws JobException if it is not a file of subscriptions at all
     */
    static SubscriptionFile read(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new JobException(file + " is a directory");
            }
            return parse(file.toString(), Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new JobException(file + " does not exist", e);
        } catch (IOException e) {
            throw new JobException(file + " cannot be read: " + JobException.reason(e), e);
        }
    }

    private static SubscriptionFile parse(String name, byte[] bytes) {
        return new SubscriptionParser(name).parse(decode(name, bytes));
    }

    /* Strictly: a name with question marks in it is nothing to send a receipt to. */
    private static String decode(String name, byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, /* endOfInput= */ true);
        if (result.isError()) {
            throw new JobException("%s:%d: the file is not UTF-8 here (byte 0x%02X)"
                    .formatted(name, lineOf(bytes, in.position()), bytes[in.position()]));
        }
        String text = out.flip().toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static long lineOf(byte[] bytes, int position) {
        long line = 1;
        for (int i = 0; i < position; i++) {
            if (bytes[i] == '\n') {
                line++;
            }
        }
        return line;
    }
}
