package com.example.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.persistence.EntityManagerFactory;
import org.hibernate.SessionFactory;
import org.hibernate.stat.Statistics;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.CacheManager;
import org.springframework.cache.jcache.JCacheCacheManager;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The second-level cache of Hibernate stays in the JCache manager of Spring Boot. Annotated methods
 * use the caches of the starter.
 */
class LibraryTest {

  private static ConfigurableApplicationContext node;

  @BeforeAll
  static void startNode() {
    node =
        new SpringApplicationBuilder(LibraryApplication.class)
            .properties(
                "spring.datasource.url=jdbc:h2:mem:library",
                "spring.jpa.hibernate.ddl-auto=create",
                "invalidation.transport=local")
            .run();
    node.getBean(BookRepository.class).save(new Book(1L, "Emma"));
    node.getBean(BookRepository.class).save(new Book(2L, "Emma"));
  }

  @AfterAll
  static void stopNode() {
    node.close();
  }

  @Test
  void entity_comesFromTheSecondLevelCache() {
    BookRepository books = node.getBean(BookRepository.class);
    books.findById(1L);
    Statistics statistics = statistics();
    statistics.clear();

    assertThat(books.findById(1L)).map(Book::getTitle).hasValue("Emma");

    assertThat(statistics.getSecondLevelCacheHitCount()).isEqualTo(1);
    assertThat(statistics.getPrepareStatementCount()).isZero();
    assertThat(node.getBean(javax.cache.CacheManager.class).getCacheNames())
        .contains(Book.class.getName());
  }

  @Test
  void valueOfAnAnnotatedMethod_comesFromTheStarter_untilItIsChanged() {
    Titles titles = node.getBean(Titles.class);
    CacheManager ofStarter = node.getBean("invalidationCacheManager", CacheManager.class);
    await()
        .untilAsserted(
            () -> {
              assertThat(titles.of(2)).isEqualTo("Emma");
              assertThat(ofStarter.getCache("titles").get(2L)).as("kept value").isNotNull();
            });
    Statistics statistics = statistics();
    statistics.clear();
    assertThat(titles.of(2)).isEqualTo("Emma");
    assertThat(statistics.getSecondLevelCacheHitCount()).isZero();
    assertThat(statistics.getPrepareStatementCount()).isZero();
    assertThat(node.getBean(CacheManager.class)).isInstanceOf(JCacheCacheManager.class);

    titles.change(2, "Persuasion");
    assertThat(titles.of(2)).isEqualTo("Persuasion");
  }

  private static Statistics statistics() {
    return node.getBean(EntityManagerFactory.class).unwrap(SessionFactory.class).getStatistics();
  }
}
