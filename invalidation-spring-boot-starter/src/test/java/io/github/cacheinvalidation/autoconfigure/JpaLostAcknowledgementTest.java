package io.github.cacheinvalidation.autoconfigure;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cacheinvalidation.autoconfigure.JpaShop.Happened;
import io.github.cacheinvalidation.autoconfigure.JpaShop.Prices;
import io.github.cacheinvalidation.testing.LostAcknowledgements;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** A commit through JPA that has happened, and whose answer got lost. */
@Tag("G2")
class JpaLostAcknowledgementTest {

  @Tag("G2.27")
  @Test
  void evictionsAreDone_putsEvict_andLoadsAreNotStored() {
    Applications.local()
        .withConfiguration(AutoConfigurations.of(HibernateJpaAutoConfiguration.class))
        .withPropertyValues("spring.jpa.hibernate.ddl-auto=create")
        .withUserConfiguration(JpaShop.class)
        .run(
            context -> {
              Happened happened = context.getBean(Happened.class);
              Awaitility.await().until(() -> happened.events().contains("joined"));
              Prices prices = context.getBean(Prices.class);
              Cache cache = requireNonNull(context.getBean(CacheManager.class).getCache("prices"));
              prices.create(1, 10);
              prices.create(2, 20);
              prices.create(3, 30);
              assertThat(prices.cached(1) + prices.cached(2)).isEqualTo(30);

              LostAcknowledgements source = context.getBean(LostAcknowledgements.class);
              Runnable work =
                  () -> {
                    reportTo(happened);
                    prices.change(1, 11);
                    cache.put(2L, 21);
                    prices.cached(3);
                    source.lose(true);
                  };
              assertThatThrownBy(() -> prices.inTransaction(work))
                  .rootCause()
                  .hasMessage("the answer got lost");
              source.lose(false);

              assertThat(prices.read(1)).as("in the database").isEqualTo(11);
              assertThat(happened.events()).contains("reported as rolled back");
              assertThat(cache.get(1L)).as("evicted").isNull();
              assertThat(cache.get(2L)).as("put").isNull();
              assertThat(cache.get(3L)).as("loaded").isNull();
              Awaitility.await().until(() -> happened.events().contains("published 2"));
            });
  }

  private static void reportTo(Happened happened) {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCompletion(int status) {
            happened
                .events()
                .add(
                    status == STATUS_ROLLED_BACK
                        ? "reported as rolled back"
                        : "reported as " + status);
          }
        });
  }
}
