package io.github.cacheinvalidation.rolling;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.core.test.tools.SourceFile;
import org.springframework.core.test.tools.TestCompiler;

/**
 * The source of the key classes of one version of an application. Two versions can have classes of
 * the same name: each version has its own class loader.
 *
 * @param packageName the package of the key classes
 * @param types their source
 * @param key the expression for the key that both versions have
 * @param other the expression for another key
 * @param codec the expression for a codec; empty if there is none
 */
record ApplicationVersion(
    String packageName, String types, String key, String other, String codec) {

  private static final Map<ApplicationVersion, VersionedKeys> LOADED = new ConcurrentHashMap<>();

  static ApplicationVersion of(String types, String key, String other) {
    return new ApplicationVersion("shop", types, key, other, "");
  }

  ApplicationVersion inPackage(String another) {
    return new ApplicationVersion(another, types, key, other, codec);
  }

  ApplicationVersion withCodec(String expression) {
    return new ApplicationVersion(packageName, types, key, other, expression);
  }

  /** Returns the keys of this version, which has a class loader of its own. */
  VersionedKeys load() {
    return LOADED.computeIfAbsent(this, ApplicationVersion::compile);
  }

  private VersionedKeys compile() {
    AtomicReference<VersionedKeys> loaded = new AtomicReference<>();
    TestCompiler.forSystem()
        .withSources(SourceFile.of(packageName.replace('.', '/') + "/Keys.java", source()))
        .compile(
            compiled ->
                loaded.set(compiled.getInstance(VersionedKeys.class, packageName + ".Keys")));
    return requireNonNull(loaded.get());
  }

  private String source() {
    return """
    package %s;

    import io.github.cacheinvalidation.KeyCodec;
    import io.github.cacheinvalidation.rolling.VersionedKeys;
    import java.util.*;

    public final class Keys implements VersionedKeys {
      %s
      public Object key() { return %s; }
      public Object other() { return %s; }
      public List<KeyCodec<?>> codecs() { return List.of(%s); }
    }
    """
        .formatted(packageName, types, key, other, codec);
  }
}
