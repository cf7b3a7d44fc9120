package io.github.cacheinvalidation.servers;

import io.github.cacheinvalidation.testing.ServerProgram;
import io.github.cacheinvalidation.testing.TestCertificate;
import io.github.cacheinvalidation.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** One server with a plain port, an encrypted port and a Unix socket. */
final class SharedServer implements AutoCloseable {

  private final Path directory;

  private final int encryptedPort;

  private final TestCertificate certificate;

  private final TestRedis redis;

  SharedServer(ServerProgram program, Path directory) throws IOException {
    this.directory = directory;
    this.encryptedPort = TestRedis.freePort();
    this.certificate = TestCertificate.in(directory);
    this.redis =
        TestRedis.started(
            program,
            Stream.concat(
                    Stream.of("unixsocket " + socket()),
                    certificate.settings(encryptedPort).stream())
                .toArray(String[]::new));
  }

  TestRedis redis() {
    return redis;
  }

  int encryptedPort() {
    return encryptedPort;
  }

  Path certificate() {
    return certificate.file();
  }

  String socket() {
    return directory.resolve("redis.sock").toString();
  }

  @Override
  public void close() {
    redis.close();
  }
}
