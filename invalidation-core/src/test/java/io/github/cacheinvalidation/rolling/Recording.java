package io.github.cacheinvalidation.rolling;

import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a node of one version wrote: each entry of the log, and each message that subscribers got.
 *
 * @param log the entries of the log, oldest first
 * @param feed the messages, in the order in which they were delivered
 */
record Recording(List<Entry> log, List<String> feed) {

  /** The recordings of the test resources, oldest form first. A file is never changed. */
  static final List<String> NAMES =
      List.of(
          "1-first-form",
          "2-half-a-surrogate-pair",
          "3-packed-numbers",
          "4-announcements",
          "5-digest-of-records");

  private static final String LOG = "log ";

  private static final String FEED = "feed ";

  /**
   * An entry of the log.
   *
   * @param id its id
   * @param nonce field {@code n}
   * @param sum field {@code s}
   * @param body field {@code m}
   */
  record Entry(String id, String nonce, String sum, String body) {

    private static Entry parse(String line) {
      String[] words = line.split(" ", 4);
      return new Entry(words[0], words[1], words[2], words[3]);
    }

    private String format() {
      return String.join(" ", id, nonce, sum, body);
    }

    /** Returns the body from the format of its values on, which comes after the sender. */
    String values() {
      return body.substring(Math.max(0, body.indexOf("\"body\":")));
    }
  }

  static Recording load(String name) {
    List<Entry> log = new ArrayList<>();
    List<String> feed = new ArrayList<>();
    try (InputStream in =
            requireNonNull(Recording.class.getResourceAsStream("/rolling/" + name + ".txt"), name);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line : lines.lines().toList()) {
        if (line.startsWith(LOG)) {
          log.add(Entry.parse(line.substring(LOG.length())));
        } else {
          feed.add(line.substring(FEED.length()));
        }
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return new Recording(log, feed);
  }

  void store(Path file) throws IOException {
    Stream<String> entries = log.stream().map(entry -> LOG + entry.format());
    Stream<String> messages = feed.stream().map(message -> FEED + message);
    Files.write(file, Stream.concat(entries, messages).toList());
  }
}
