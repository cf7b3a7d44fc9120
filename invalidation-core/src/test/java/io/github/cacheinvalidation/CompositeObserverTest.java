package io.github.cacheinvalidation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CompositeObserverTest {

  static Stream<Method> events() {
    return Arrays.stream(InvalidationObserver.class.getMethods())
        .filter(method -> !Modifier.isStatic(method.getModifiers()));
  }

  @ParameterizedTest
  @MethodSource("events")
  void event_isToldToAll_whateverOneOfThemThrows(Method event) throws Exception {
    List<String> told = new ArrayList<>();
    InvalidationObserver all =
        InvalidationObserver.all(
            List.of(
                observer("first", told),
                observer("failing", told),
                observer("broken", told),
                observer("last", told)));
    Object[] arguments =
        Arrays.stream(event.getParameterTypes()).map(CompositeObserverTest::sample).toArray();
    event.invoke(all, arguments);
    assertThat(told)
        .containsExactly(
            "first " + event.getName() + Arrays.toString(arguments),
            "failing " + event.getName() + Arrays.toString(arguments),
            "broken " + event.getName() + Arrays.toString(arguments),
            "last " + event.getName() + Arrays.toString(arguments));
  }

  private static InvalidationObserver observer(String name, List<String> told) {
    return (InvalidationObserver)
        Proxy.newProxyInstance(
            CompositeObserverTest.class.getClassLoader(),
            new Class<?>[] {InvalidationObserver.class},
            (proxy, method, arguments) -> {
              if (method.getDeclaringClass() == Object.class) {
                return method.invoke(name, arguments);
              }
              told.add(
                  name
                      + " "
                      + method.getName()
                      + Arrays.toString(arguments == null ? new Object[0] : arguments));
              if (name.equals("failing")) {
                throw new IllegalStateException("injected");
              }
              if (name.equals("broken")) {
                throw new NoSuchMethodError("injected");
              }
              return null;
            });
  }

  private static Object sample(Class<?> type) {
    if (type == int.class) {
      return 7;
    }
    if (type == String.class) {
      return "text";
    }
    if (type == Class.class) {
      return Object.class;
    }
    if (type == NodeStatus.class) {
      return new NodeStatus(
          NodeStatus.State.STOPPED, Instant.EPOCH, null, Set.of(), Instant.EPOCH, 0, null, null);
    }
    if (type == boolean.class) {
      return true;
    }
    if (type.isEnum()) {
      return type.getEnumConstants()[0];
    }
    return type.isAssignableFrom(IllegalStateException.class)
        ? new IllegalStateException("a cause")
        : fail("no sample of " + type);
  }
}
