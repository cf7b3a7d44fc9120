package io.github.cacheinvalidation.rolling;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.ClassWriter;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.asm.SpringAsmInfo;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Loads a next version of this library: the present classes, with some of their constants replaced.
 * So the tests need neither an old nor a new jar. The constants are those that messages consist of.
 */
final class NextVersion extends ClassLoader {

  /** What the next version does differently. */
  enum Change {
    /** Values in a newer format. The next version also reads values in the present format. */
    NEWER_BODY(Map.of(",\"body\":1,\"caches\":{", ",\"body\":2,\"caches\":{", "uuid", "uuid-bits")),

    /** A form of key that the present version does not know, in the present format. */
    NEW_FORM_OF_KEY(Map.of("uuid", "uuid-bits")),

    /** A field of the message that the present version does not know. */
    NEW_FIELD(Map.of("{\"v\":1,\"from\":", "{\"v\":1,\"later\":{\"id\":[1,null]},\"from\":"));

    @SuppressWarnings("ImmutableEnumChecker") // made by Map.of
    private final Map<String, String> constants;

    Change(Map<String, String> constants) {
      this.constants = constants;
    }
  }

  private static final String LIBRARY = "io.github.cacheinvalidation.";

  /** Loaded once, because the test uses it for nodes of both versions. */
  private static final String SHARED = RollingNode.class.getName();

  private final ClassLoader present = requireNonNull(NextVersion.class.getClassLoader());

  private final Change change;

  private final Set<String> replaced = new HashSet<>();

  NextVersion(Change change) {
    super(NextVersion.class.getClassLoader());
    this.change = change;
  }

  /** Creates a node of this version. */
  RollingNode node(RedisConnectionFactory redis, String name, Map<Object, Object> database) {
    try {
      return (RollingNode)
          loadClass(VersionNode.class.getName())
              .getConstructor(RedisConnectionFactory.class, String.class, Map.class)
              .newInstance(redis, name, database);
    } catch (ReflectiveOperationException failure) {
      throw new LinkageError(failure.getMessage(), failure);
    }
  }

  /** Returns the constants that were found and replaced so far. */
  Set<String> replaced() {
    return replaced;
  }

  /** Returns the constants to replace. */
  Set<String> expected() {
    return change.constants.keySet();
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(LIBRARY) || name.equals(SHARED) || name.equals(getClass().getName())) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? define(name) : loaded;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    boolean comparesFormats = change == Change.NEWER_BODY && name.endsWith(".MessageFields");
    try (InputStream in = present.getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      ClassWriter changed = new ClassWriter(0);
      new ClassReader(in.readAllBytes()).accept(new Constants(changed, comparesFormats), 0);
      byte[] code = changed.toByteArray();
      return defineClass(name, code, 0, code.length);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private final class Constants extends ClassVisitor {

    private final boolean comparesFormats;

    Constants(ClassVisitor target, boolean comparesFormats) {
      super(SpringAsmInfo.ASM_VERSION, target);
      this.comparesFormats = comparesFormats;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String type, String signature, String[] exceptions) {
      MethodVisitor method = super.visitMethod(access, name, type, signature, exceptions);
      return new MethodVisitor(SpringAsmInfo.ASM_VERSION, method) {

        @Override
        public void visitLdcInsn(Object value) {
          String other = value instanceof String text ? change.constants.get(text) : null;
          if (other != null) {
            replaced.add((String) value);
          }
          super.visitLdcInsn(other == null ? value : other);
        }

        @Override
        public void visitMethodInsn(
            int opcode, String owner, String called, String descriptor, boolean onInterface) {
          if (owner.equals("java/math/BigInteger") && called.equals("equals") && comparesFormats) {
            super.visitMethodInsn(
                Opcodes.INVOKESTATIC,
                NextFormat.class.getName().replace('.', '/'),
                "isRead",
                "(Ljava/math/BigInteger;Ljava/lang/Object;)Z",
                false);
          } else {
            super.visitMethodInsn(opcode, owner, called, descriptor, onInterface);
          }
        }
      };
    }
  }
}
