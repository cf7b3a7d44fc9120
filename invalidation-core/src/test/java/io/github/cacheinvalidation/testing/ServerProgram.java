package io.github.cacheinvalidation.testing;

import java.io.File;
import java.util.Arrays;
import java.util.Locale;
import redis.embedded.RedisExecProvider;
import redis.embedded.util.OSDetector;

/**
 * The programs of servers that tests start. Redis 7.0 is on the class path. The others are in the
 * folder that the system property {@value #FOLDER} names, where the Maven profile {@code servers}
 * puts them.
 */
public enum ServerProgram {
  /** Redis 6.2. */
  REDIS_6_2("Redis 6.2", "redis-server-6.2"),
  /** Redis 7.0. */
  REDIS_7_0("Redis 7.0", ""),
  /** Redis 8.0. */
  REDIS_8_0("Redis 8.0", "redis-8.0"),
  /** Valkey 8.1. */
  VALKEY_8_1("Valkey 8.1", "valkey-8.1");

  static final String FOLDER = "servers.folder";

  private final String title;

  private final String file;

  ServerProgram(String title, String file) {
    this.title = title;
    this.file = file;
  }

  RedisExecProvider provider() {
    RedisExecProvider provider = RedisExecProvider.defaultProvider();
    return this == REDIS_7_0
        ? provider
        : provider.override(OSDetector.getOS(), executable().getPath());
  }

  private File executable() {
    File[] found =
        new File(System.getProperty(FOLDER, "."))
            .listFiles(
                each ->
                    this == REDIS_6_2
                        ? each.getName().startsWith(file) && each.getName().endsWith(machine())
                        : each.getName().equals(file));
    return Arrays.stream(found == null ? new File[0] : found)
        .filter(each -> each.setExecutable(true))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "This machine lacks "
                        + title
                        + ": "
                        + file
                        + " is not in the folder "
                        + System.getProperty(FOLDER)
                        + ". The Maven profile 'servers' fetches it, see CONTRIBUTING.md"));
  }

  private static String machine() {
    boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
    boolean arm = System.getProperty("os.arch").equals("aarch64");
    return (mac ? "darwin-" : "linux-") + (arm ? "arm64" : "amd64");
  }

  /** Returns the name and the version, as documents write them. */
  @Override
  public String toString() {
    return title;
  }
}
