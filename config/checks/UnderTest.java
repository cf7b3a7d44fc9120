import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Prints what is about to be tested. Arguments: Spring Boot's version, and the jars. */
class UnderTest {

  public static void main(String[] args) throws Exception {
    System.out.println("Under test on Spring Boot " + args[0] + ", Java " + Runtime.version());
    for (int i = 1; i < args.length; i++) {
      Path jar = Path.of(args[i]);
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar));
      System.out.println("  " + HexFormat.of().formatHex(hash) + "  " + jar.getFileName());
    }
    System.out.println(
        "  without the tests tagged 'source': they look at the checkout, not at jars");
  }
}
