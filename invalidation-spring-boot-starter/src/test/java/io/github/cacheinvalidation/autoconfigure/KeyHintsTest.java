package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.reflection;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;

/** The classes of keys are registered for native images when an application is built. */
class KeyHintsTest {

  private static RuntimeHints hintsOf(Class<?>... beans) {
    AnnotationConfigApplicationContext application = new AnnotationConfigApplicationContext();
    TestPropertyValues.of("invalidation.transport=local").applyTo(application);
    application.register(beans);
    application.register(CacheInvalidationAutoConfiguration.class);
    TestGenerationContext generated = new TestGenerationContext(KeyHintsTest.class);
    new ApplicationContextAotGenerator().processAheadOfTime(application, generated);
    return generated.getRuntimeHints();
  }

  private static boolean isHinted(Class<?> type, RuntimeHints hints) {
    return reflection()
        .onType(type)
        .withMemberCategories(
            MemberCategory.ACCESS_DECLARED_FIELDS,
            MemberCategory.INVOKE_DECLARED_CONSTRUCTORS,
            MemberCategory.INVOKE_DECLARED_METHODS)
        .test(hints);
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        OfCacheable.class,
        OfPut.class,
        OfEvict.class,
        OfCaching.class,
        OfExpression.class,
        OfResult.class,
        OfClassLevel.class,
        OfInterface.class,
        OfSuperclass.class,
        OfTypeArgument.class,
        OfHidden.class,
        OfProxy.class
      })
  void parameterOfAMethodWithACacheAnnotation_isHinted(Class<?> key) {
    assertThat(
            isHinted(key, hintsOf(Prices.class, ClassLevel.class, Repository.class, Proxies.class)))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        Component.class,
        ComponentOfComponent.class,
        Region.class,
        Element.class,
        MapKey.class,
        MapValue.class,
        ArrayElement.class,
        Permitted.class,
        Bound.class,
        Argument.class,
        Immutable.class,
        PartOfImmutable.class
      })
  void partOfAParameter_isHinted(Class<?> part) {
    assertThat(isHinted(part, hintsOf(Parts.class))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        Entity.class,
        PartOfEntity.class,
        Uncached.class,
        ResultWithoutExpression.class,
        Unrelated.class,
        String.class,
        Optional.class
      })
  void otherClass_isNotHinted(Class<?> other) {
    RuntimeHints hints =
        hintsOf(Prices.class, ClassLevel.class, Repository.class, Parts.class, NoCaching.class);

    assertThat(isHinted(other, hints)).isFalse();
  }

  @Test
  void keysOfTheJdkAlone_needNoHints() {
    RuntimeHints hints = hintsOf(Plain.class);

    assertThat(List.of(String.class, Comparable.class, Plain.class))
        .noneMatch(type -> isHinted(type, hints));
  }

  record OfCacheable(int id) {}

  record OfPut(int id) {}

  record OfEvict(int id) {}

  record OfCaching(int id) {}

  record OfExpression(int id) {}

  record OfResult(int id) {}

  record OfHidden(int id) {}

  record ResultWithoutExpression(int id) {}

  static class Prices extends Superclass<OfTypeArgument> {

    @Cacheable("prices")
    public ResultWithoutExpression read(OfCacheable key, String text) {
      return new ResultWithoutExpression(key.id() + text.length());
    }

    @CachePut("prices")
    public int put(OfPut key) {
      return key.id();
    }

    @CacheEvict("prices")
    public void evict(long first, OfEvict key) {}

    @Caching(evict = {@CacheEvict("prices"), @CacheEvict("others")})
    public void evictBoth(OfCaching key) {}

    @CacheEvict(cacheNames = "prices", key = "#change.id")
    public void change(OfExpression change) {}

    @CachePut(cacheNames = "prices", key = "#result.id")
    public CompletableFuture<OfResult> create(String text) {
      return CompletableFuture.completedFuture(new OfResult(text.length()));
    }

    @Cacheable("prices")
    int hidden(OfHidden key) {
      return key.id();
    }

    public int uncached(Uncached key) {
      return key.id();
    }
  }

  record OfSuperclass(int id) {}

  record OfTypeArgument(int id) {}

  record Uncached(int id) {}

  static class Superclass<T> {

    @Cacheable("prices")
    public int inherited(OfSuperclass key) {
      return key.id();
    }

    @Cacheable("prices")
    public String ofArgument(T key) {
      return key.toString();
    }
  }

  record OfClassLevel(int id) {}

  @Cacheable("prices")
  static class ClassLevel {

    public int read(OfClassLevel key) {
      return key.id();
    }
  }

  record OfInterface(int id) {}

  interface Reading {

    @Cacheable("prices")
    int read(OfInterface key);
  }

  static class Repository implements Reading {

    @Override
    public int read(OfInterface key) {
      return key.id();
    }
  }

  record OfProxy(int id) {}

  interface Proxied {

    @Cacheable("prices")
    int read(OfProxy key);
  }

  @Configuration(proxyBeanMethods = false)
  static class Proxies {

    @Bean
    static FactoryBean<Proxied> proxied() {
      return new FactoryBean<>() {
        @Override
        public Proxied getObject() {
          return OfProxy::id;
        }

        @Override
        public Class<?> getObjectType() {
          return Proxied.class;
        }
      };
    }
  }

  enum Region {
    NORTH,
    SOUTH {
      @Override
      public String toString() {
        return "south";
      }
    }
  }

  record ComponentOfComponent(int id) {}

  record Component(ComponentOfComponent part, Region region) {}

  record Whole(Component component) {}

  record Element(int id) {}

  record MapKey(int id) {}

  record MapValue(int id) {}

  record ArrayElement(int id) {}

  sealed interface Sealed permits Permitted {}

  record Permitted(int id) implements Sealed {}

  record Bound(int id) implements Comparable<Bound> {
    @Override
    public int compareTo(Bound other) {
      return Integer.compare(id, other.id);
    }
  }

  record Argument(int id) {}

  record Box<T>(T value, @Nullable Box<List<T>> next) {}

  record PartOfImmutable(int id) {}

  static final class Immutable {

    private final PartOfImmutable part;

    Immutable(PartOfImmutable part) {
      this.part = part;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Immutable immutable && immutable.part.equals(part);
    }

    @Override
    public int hashCode() {
      return Objects.hash(part);
    }
  }

  record PartOfEntity(int id) {}

  static class Entity {
    private final long id = 7;
    private @Nullable PartOfEntity part;

    long getId() {
      return id;
    }

    @Nullable PartOfEntity getPart() {
      return part;
    }

    void setPart(PartOfEntity part) {
      this.part = part;
    }
  }

  static class Parts {

    @Cacheable("prices")
    public int parts(Whole whole, Immutable immutable, Entity entity, Sealed sealed) {
      return Objects.hash(whole, immutable, entity, sealed);
    }

    @Cacheable("prices")
    public int containers(
        List<? extends Element> list, Map<MapKey, Optional<MapValue>> map, ArrayElement[][] array) {
      return list.size() + map.size() + array.length;
    }

    @Cacheable("prices")
    public <T extends Bound, U extends Comparable<U>> int variables(
        T bound, U comparable, Box<Argument> box) {
      return Objects.hash(bound, comparable, box);
    }
  }

  record Unrelated(int id) {}

  static class NoCaching {
    public int read(Unrelated key) {
      return key.id();
    }
  }

  static class Plain {

    @Cacheable("prices")
    public String read(long id, String text, Comparable<String> other) {
      return text + id + other;
    }
  }
}
