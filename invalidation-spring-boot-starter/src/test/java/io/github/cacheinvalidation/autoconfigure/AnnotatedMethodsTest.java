package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A method that is annotated as a read publishes nothing and one that is annotated as a write does.
 */
@Tag("G6")
@Tag("G6.2")
class AnnotatedMethodsTest extends AnnotatedMethodsFixture {

  @Test
  void plainRead_publishesNothing() {
    readPublishesNothing(application, products -> products.plain(1));
  }

  @Test
  void syncRead_publishesNothing() {
    readPublishesNothing(application, products -> products.sync(1));
  }

  @Test
  void futureRead_publishesNothing() {
    readPublishesNothing(application, products -> products.future(1).join());
  }

  @Test
  void syncFutureRead_publishesNothing() {
    readPublishesNothing(application, products -> products.syncFuture(1).join());
  }

  @Test
  void monoRead_publishesNothing() {
    readPublishesNothing(application, products -> products.mono(1).block());
  }

  @Test
  void syncMonoRead_publishesNothing() {
    readPublishesNothing(application, products -> products.syncMono(1).block());
  }

  @Test
  void fluxRead_publishesNothing() {
    readPublishesNothing(application, products -> products.flux(1).collectList().block());
  }

  @Test
  void readIntoSeveralCaches_publishesNothing() {
    readPublishesNothing(application, products -> products.several(1));
  }

  @Test
  void readThroughNamedManager_publishesNothing() {
    readPublishesNothing(application, products -> products.namedManager(1));
  }

  @Test
  void readThroughNamedResolver_publishesNothing() {
    readPublishesNothing(application, products -> products.namedResolver(1));
  }

  @Test
  void readThroughManagerOfTheClass_publishesNothing() {
    application.run(
        context -> {
          ClassLevel products = context.getBean(ClassLevel.class);
          published.awaitJoined();
          products.find(1);
          products.find(1);
          assertThat(products.loads()).isEqualTo(1);
          published.nothingUntilNextWrite(context.getBean(Products.class));
        });
  }

  @Test
  void put_isPublished() {
    writeIsPublished(products -> products.put(1));
  }

  @Test
  void putThroughNamedManager_isPublished() {
    writeIsPublished(products -> products.putNamedManager(1));
  }

  @Test
  void putThroughNamedResolver_isPublished() {
    writeIsPublished(products -> products.putNamedResolver(1));
  }

  @Test
  void putOfFuture_isPublished() {
    writeIsPublished(products -> products.putFuture(1).join());
  }

  @Test
  void putOfMono_isPublished() {
    writeIsPublished(products -> products.putMono(1).block());
  }

  @Test
  void evict_isPublished() {
    writeIsPublished(products -> products.evict(1));
  }

  @Test
  void evictThroughNamedManager_isPublished() {
    writeIsPublished(products -> products.evictNamedManager(1));
  }

  @Test
  void evictOfEverything_isPublishedAsTheWholeCache() {
    application.run(
        context -> {
          context.getBean(Products.class).evictAll();
          Awaitility.await().until(() -> published.caches.get() == 1);
          assertThat(published.keys).hasValue(0);
        });
  }

  @Test
  void severalOperationsOfOneMethod_publishTheWritesOnly() {
    application.run(
        context -> {
          context.getBean(Products.class).mixed(1);
          DefaultInvalidationNode node = context.getBean(DefaultInvalidationNode.class);
          Awaitility.await()
              .untilAsserted(() -> assertThat(published.keys).hasValueGreaterThanOrEqualTo(2));
          Awaitility.await().until(() -> node.pendingKeys() == 0);
          assertThat(published.keys).hasValue(2);
        });
  }
}
