package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.autoconfigure.internal.settings.InvalidSettingException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.BeanFactoryCacheOperationSourceAdvisor;
import org.springframework.cache.support.NoOpCacheManager;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;

/**
 * What a node whose cache manager is beside another one needs from the application, and when it is
 * started.
 */
class BesideStartTest extends BesideFixture {

  @Test
  void stoppedContext_startsTheNodeOnlyWhenItStartsAgain() {
    application.run(
        context -> {
          ConfigurableApplicationContext source = context.getSourceApplicationContext();
          source.stop();
          ofNode(context).getCache("products");
          assertThat(isRunning(context)).isFalse();
          source.start();
          assertThat(isRunning(context)).isTrue();
          source.stop();
          assertThat(isRunning(context)).isFalse();
        });
  }

  @Test
  void disabledNode_isNotStarted() {
    application
        .withBean(ByName.class)
        .withPropertyValues("invalidation.enabled=false")
        .run(
            context -> {
              assertThat(context.getBean(ByName.class).read(1)).isEqualTo("old");
              assertThat(isRunning(context)).isFalse();
            });
  }

  @Test
  void orderOfCacheAdvice_stays() {
    application.run(
        context ->
            assertThat(context.getBean(BeanFactoryCacheOperationSourceAdvisor.class).getOrder())
                .isEqualTo(Ordered.LOWEST_PRECEDENCE));
  }

  @Test
  void cachesSwitchedOff_giveNoCacheUnderTheNameEither() {
    Applications.plain()
        .withUserConfiguration(Caching.class)
        .withBean(Database.class, () -> new Database(database))
        .withBean(ByName.class)
        .withPropertyValues("spring.cache.type=none")
        .run(
            context -> {
              assertThat(context.getBean(ByName.class).read(1)).isEqualTo("old");
              database.put(1, "new");
              assertThat(context.getBean(ByName.class).read(1)).isEqualTo("new");
              assertThat(ofNode(context)).isInstanceOf(NoOpCacheManager.class);
            });
  }

  @Test
  void beansThatTheNodeCannotUse_doNotStopTheStart() {
    Applications.plain()
        .withUserConfiguration(OwnManager.class, Refreshing.class, TwoFactories.class)
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThatThrownBy(() -> ofNode(context).getCache("products"))
                  .isInstanceOf(InvalidSettingException.class)
                  .hasMessageContaining("there are several Redis connection factories");
              assertThatThrownBy(() -> ofNode(context).getCache("products"))
                  .isInstanceOf(InvalidSettingException.class);
            });
  }

  @Test
  void builderThatTheNodeCannotUse_stopsTheStart_ifAMethodNeedsIt() {
    application
        .withUserConfiguration(Refreshing.class)
        .withBean(ByName.class)
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasRootCauseInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("The Caffeine bean is "));
  }

  @Test
  void namesForTheOtherManager_doNotFixTheCachesOfTheNode() {
    application
        .withBean(ByName.class)
        .withPropertyValues(
            "spring.cache.cache-names=others", "invalidation.caches.products.spec=maximumSize=7")
        .run(context -> assertThat(ofNode(context).getCacheNames()).containsExactly("products"));
  }

  @Test
  void contextBelowOneWithANode_usesThatNode() {
    Applications.local()
        .run(
            parent -> {
              new ApplicationContextRunner()
                  .withConfiguration(Applications.STARTER)
                  .withParent(parent)
                  .run(
                      child -> {
                        assertThat(child).hasNotFailed();
                        assertThat(child.getBean(CacheManager.class))
                            .isSameAs(parent.getBean(CacheManager.class));
                        assertThat(child.getBeanNamesForType(InvalidationNode.class)).isEmpty();
                      });
              assertThat(isRunning(parent)).isTrue();
            });
  }
}
