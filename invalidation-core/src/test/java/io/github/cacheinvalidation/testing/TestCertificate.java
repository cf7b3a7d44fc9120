package io.github.cacheinvalidation.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for this machine, signed by itself, and its key. */
public final class TestCertificate {

  private static final String PASSWORD = "secret";

  private final Path directory;

  private final KeyStore keys;

  private TestCertificate(Path directory) throws IOException, GeneralSecurityException {
    this.directory = directory;
    Path store = directory.resolve("store.p12");
    create(store);
    this.keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    Key key = keys.getKey("redis", PASSWORD.toCharArray());
    write("key.pem", "PRIVATE KEY", key.getEncoded());
    write("certificate.pem", "CERTIFICATE", keys.getCertificate("redis").getEncoded());
  }

  /** Creates a certificate with the tool of the JDK, and writes it into a directory. */
  public static TestCertificate in(Path directory) {
    try {
      return new TestCertificate(directory);
    } catch (IOException | GeneralSecurityException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static void create(Path store) throws IOException {
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
            PASSWORD);
    try {
      int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (exit != 0) {
        throw new IllegalStateException("keytool gave " + exit);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private void write(String file, String type, byte[] content) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    Files.writeString(
        directory.resolve(file),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, text, type));
  }

  /** Returns the file of the certificate, in the format PEM. */
  public Path file() {
    return directory.resolve("certificate.pem");
  }

  /** Returns the lines of configuration of a server of Redis with an encrypted port. */
  public List<String> settings(int encryptedPort) {
    return List.of(
        "tls-port " + encryptedPort,
        "tls-cert-file " + file(),
        "tls-key-file " + directory.resolve("key.pem"),
        "tls-ca-cert-file " + file(),
        "tls-auth-clients no");
  }

  /** Returns a context that trusts this certificate alone. */
  public SSLContext context() {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("redis", keys.getCertificate("redis"));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
