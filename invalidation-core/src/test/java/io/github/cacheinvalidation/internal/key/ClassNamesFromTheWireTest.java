package io.github.cacheinvalidation.internal.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.cache.interceptor.SimpleKey;

/** A name that came over the wire is compared with names, and never becomes a class. */
@Tag("G7")
class ClassNamesFromTheWireTest {

  private static volatile boolean initialized;

  @SuppressWarnings("unused") // named by the messages of these tests only
  private enum Gadget {
    BANG;

    static {
      initialized = true;
    }
  }

  @SuppressWarnings("unused") // named by the messages of these tests only
  private record GadgetRecord(String command) {
    static {
      initialized = true;
    }
  }

  @SuppressWarnings("unused") // named by the messages of these tests only
  private static final class GadgetObject {

    private final String command;

    static {
      initialized = true;
    }

    GadgetObject(String command) {
      this.command = command;
    }
  }

  /** A loader that records each request for one of the classes. */
  private static final class Telltale extends ClassLoader {

    private boolean asked;

    Telltale(ClassLoader parent) {
      super(parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      asked |= name.contains("Gadget");
      return super.loadClass(name, resolve);
    }
  }

  @Tag("G7.2")
  @Test
  void classNamedByAMessage_isNeitherLoadedNorInitialized() {
    String test = ClassNamesFromTheWireTest.class.getName();
    String constant = "{\"enum\":[\"" + test + "$Gadget\",\"BANG\"]}";
    String record = "{\"record\":[\"" + test + "$GadgetRecord\",[\"rm\"]]}";
    String object = "{\"object\":[\"" + test + "$GadgetObject\",{\"command\":\"rm\"}]}";
    String codec = "{\"codec\":[\"" + test + "$Gadget\",\"BANG\"]}";
    KeyTypes types =
        Wire.used(
            1L,
            "a",
            SampleKeys.Region.NORTH,
            new SimpleKey(1L, "a"),
            List.of("a"),
            Set.of("a"),
            Map.of(1L, "a"),
            new SampleValues.Renamed(1, "a"));
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    Telltale telltale = new Telltale(before);
    thread.setContextClassLoader(telltale);
    try {
      for (String json :
          List.of(
              constant,
              record,
              object,
              codec,
              "[" + record + "]",
              "{\"key\":[" + constant + "]}",
              "{\"set\":[" + object + "]}",
              "{\"map\":[[1," + object + "]]}",
              "{\"optional\":" + object + "}")) {
        assertThat(types.match(Wire.key(json)).unknownType()).isTrue();
        assertThat(types.matchOpen(Wire.key(json)).unknownType()).isTrue();
      }
    } finally {
      thread.setContextClassLoader(before);
    }

    assertThat(initialized).isFalse();
    assertThat(telltale.asked).isFalse();
  }

  @Test
  void initializedEnum_touchesTheCanary() {
    assertThat(Canary.touched).isFalse();
    assertThat(CanaryEnum.values()).hasSize(1);
    assertThat(Canary.touched).isTrue();
  }

  private static final class Canary {
    private static volatile boolean touched;
  }

  private enum CanaryEnum {
    ONE;

    static {
      Canary.touched = true;
    }
  }
}
