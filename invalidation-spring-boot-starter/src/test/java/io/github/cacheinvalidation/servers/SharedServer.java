package io.github.cacheinvalidation.servers;

import io.github.cacheinvalidation.testing.ServerProgram;
import io.github.cacheinvalidation.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/** One server with a plain port, an encrypted port and a Unix socket. */
final class SharedServer implements AutoCloseable {

  private final Path directory;

  private final int encryptedPort;

  private final TestRedis redis;

  SharedServer(ServerProgram program, Path directory) throws Exception {
    this.directory = directory;
    this.encryptedPort = TestRedis.freePort();
    createCertificate();
    this.redis =
        TestRedis.started(
            program,
            "unixsocket " + socket(),
            "tls-port " + encryptedPort,
            "tls-cert-file " + certificate(),
            "tls-key-file " + directory.resolve("key.pem"),
            "tls-ca-cert-file " + certificate(),
            "tls-auth-clients no");
  }

  /** Creates a certificate for this machine, and its key, by the tool of the JDK. */
  private void createCertificate() throws Exception {
    Path store = directory.resolve("store.p12");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "redis",
            "-dname",
            "CN=localhost",
            "-ext",
            "SAN=ip:127.0.0.1,dns:localhost",
            "-keyalg",
            "RSA",
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass",
            "secret");
    int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (exit != 0) {
      throw new IllegalStateException("keytool gave " + exit);
    }
    char[] password = "secret".toCharArray();
    KeyStore keys = KeyStore.getInstance(store.toFile(), password);
    Key key = keys.getKey("redis", password);
    write("key.pem", "PRIVATE KEY", key.getEncoded());
    write("certificate.pem", "CERTIFICATE", keys.getCertificate("redis").getEncoded());
  }

  private void write(String file, String type, byte[] content) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    Files.writeString(
        directory.resolve(file),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, text, type));
  }

  TestRedis redis() {
    return redis;
  }

  int encryptedPort() {
    return encryptedPort;
  }

  Path certificate() {
    return directory.resolve("certificate.pem");
  }

  String socket() {
    return directory.resolve("redis.sock").toString();
  }

  @Override
  public void close() {
    redis.close();
  }
}
