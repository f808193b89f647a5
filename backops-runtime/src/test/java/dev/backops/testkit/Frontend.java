package dev.backops.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a client of PostgreSQL says on one connection, one round trip after the other: the texts of its statements up to the
 * point where it waits for the answer. Used by one thread.
 */
final class Frontend {

    private static final int LENGTH = 4;

    /** Requests for SSL and GSS, after which the client begins anew. */
    private static final Set<Integer> PRELUDES = Set.of(80_877_103, 80_877_104);

    private final ByteArrayOutputStream unread = new ByteArrayOutputStream();
    private final List<String> texts = new ArrayList<>();
    private boolean begun;
    private String before = "";

    /**
     * Takes bytes as they come; returns the statements of each round trip that is complete, joined by semicolons. The end of a
     * transaction says what came before it.
     */
    List<String> hear(byte[] bytes, int length) {
        unread.write(bytes, 0, length);
        byte[] heard = unread.toByteArray();
        ByteBuffer buffer = ByteBuffer.wrap(heard);
        List<String> trips = new ArrayList<>();
        while (true) {
            int type = begun && buffer.hasRemaining() ? buffer.get(buffer.position()) : 0;
            int start = buffer.position() + (begun ? 1 : 0);
            if (buffer.limit() - start < LENGTH) {
                break;
            }
            int end = start + buffer.getInt(start);
            if (end > buffer.limit()) {
                break;
            }
            hear(type, buffer, start + LENGTH, trips);
            buffer.position(end);
        }
        unread.reset();
        unread.write(heard, buffer.position(), buffer.remaining());
        return trips;
    }

    private void hear(int type, ByteBuffer buffer, int from, List<String> trips) {
        switch (type) {
            case 0 -> begun = !PRELUDES.contains(buffer.getInt(from));
            case 'P' -> texts.add(text(buffer, afterText(buffer, from)));
            case 'Q' -> {
                texts.add(text(buffer, from));
                end(trips);
            }
            case 'S' -> end(trips);
            default -> {
                // Values, and what is asked about them.
            }
        }
    }

    private void end(List<String> trips) {
        if (!texts.isEmpty()) {
            String trip = String.join("; ", texts);
            texts.clear();
            boolean ends = trip.equals("COMMIT") || trip.equals("ROLLBACK");
            trips.add(ends ? trip + " behind " + before : trip);
            before = trip;
        }
    }

    private static String text(ByteBuffer buffer, int from) {
        byte[] text = new byte[afterText(buffer, from) - 1 - from];
        buffer.get(from, text);
        String squeezed = new String(text, UTF_8).replaceAll("\\s+", " ").strip();
        return squeezed.isEmpty() ? "(nothing)" : squeezed;
    }

    private static int afterText(ByteBuffer buffer, int from) {
        int at = from;
        while (buffer.get(at) != 0) {
            at++;
        }
        return at + 1;
    }
}
