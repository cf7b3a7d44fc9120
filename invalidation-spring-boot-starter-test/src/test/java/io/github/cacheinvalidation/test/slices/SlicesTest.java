package io.github.cacheinvalidation.test.slices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.test.RecordInvalidations;
import io.github.cacheinvalidation.test.RecordedInvalidations;
import io.github.cacheinvalidation.test.slices.Pages.View;
import java.io.IOException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.cache.CacheType;
import org.springframework.boot.cache.test.autoconfigure.AutoConfigureCache;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;
import org.springframework.boot.test.autoconfigure.json.JsonTest;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.json.JacksonTester;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.transaction.TestTransaction;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/** Test slices of an application start as before it had the starter. */
class SlicesTest {

  private static void assertUntouched(ApplicationContext context) {
    assertThat(context.getBeanNamesForType(InvalidationNode.class)).isEmpty();
    assertThat(context.getBeanNamesForType(CacheInvalidator.class)).isEmpty();
    assertThat(context.getBeanNamesForType(CacheManager.class)).isEmpty();
    assertThat(context.getBeanNamesForType(CacheAspectSupport.class)).isEmpty();
    assertThat(context.getBeanDefinitionNames()).noneMatch(name -> name.startsWith("invalidation"));
  }

  @Nested
  @DataJpaTest
  class Jpa {

    @Test
    void slice_hasNothingOfTheStarter(
        @Autowired ApplicationContext context, @Autowired Books books) {
      books.save(new Book(1L, "one"));

      assertThat(books.findById(1L)).isPresent();
      assertUntouched(context);
    }
  }

  @Nested
  @JdbcTest
  class Jdbc {

    @Test
    void slice_hasNothingOfTheStarter(
        @Autowired ApplicationContext context, @Autowired JdbcClient database) {
      assertThat(database.sql("select 1").query(Integer.class).single()).isEqualTo(1);
      assertUntouched(context);
    }
  }

  @Nested
  @WebMvcTest
  class WebMvc {

    @MockitoBean Titles titles;

    @Test
    void slice_hasNothingOfTheStarter(
        @Autowired ApplicationContext context, @Autowired MockMvcTester web) {
      given(titles.title(1)).willReturn("one");

      assertThat(web.get().uri("/books/1")).bodyJson().extractingPath("title").isEqualTo("one");
      assertUntouched(context);
    }
  }

  @Nested
  @JsonTest
  class Json {

    @Autowired JacksonTester<View> json;

    @Test
    void slice_hasNothingOfTheStarter(@Autowired ApplicationContext context) throws IOException {
      assertThat(json.write(new View(1, "one")))
          .extractingJsonPathValue("$.title")
          .isEqualTo("one");
      assertUntouched(context);
    }
  }

  @Nested
  @SpringBootTest
  @AutoConfigureCache
  class WithoutCaches {

    @Test
    void wholeApplication_readsTheDatabaseEachTime_andHasAnInvalidator(
        @Autowired Titles titles, @Autowired Books books, @Autowired CacheInvalidator invalidator) {
      books.save(new Book(1L, "old"));
      assertThat(titles.title(1)).isEqualTo("old");

      books.save(new Book(1L, "new"));

      assertThat(titles.title(1)).isEqualTo("new");
      invalidator.evict("titles", 1L);
    }
  }

  @Nested
  @DataJpaTest
  @AutoConfigureCache(cacheProvider = CacheType.CAFFEINE)
  @Import(Titles.class)
  @RecordInvalidations
  class JpaWithCaches {

    @Autowired Titles titles;

    @Autowired RecordedInvalidations invalidations;

    @Test
    void slice_hasTheCachesOfTheStarter() {
      titles.retitle(1, "one");
      assertThat(titles.title(1)).isEqualTo("one");

      TestTransaction.end();

      assertThat(invalidations).hasOnlyEvicted("titles", 1L);
    }
  }
}
