package io.github.cacheinvalidation.autoconfigure;

import io.github.cacheinvalidation.FillRefusal;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.testing.LostAcknowledgements;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import jakarta.persistence.PersistenceContext;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;

/** A node that reads and writes through JPA; all of them share one database. */
@Configuration(proxyBeanMethods = false)
@EnableTransactionManagement
class JpaShop {

  @Bean
  static PersistenceManagedTypes entities() {
    return PersistenceManagedTypes.of(Product.class.getName());
  }

  @Bean
  LostAcknowledgements dataSource() {
    DataSource h2 = new DriverManagerDataSource("jdbc:h2:mem:jpa-shop;DB_CLOSE_DELAY=-1");
    return new LostAcknowledgements(h2);
  }

  @Bean
  Happened happened() {
    return new Happened();
  }

  @Bean
  Prices prices() {
    return new Prices();
  }

  /** A row. */
  @Entity(name = "Product")
  static class Product {

    @Id private long id;

    private int price;

    protected Product() {}

    Product(long id, int price) {
      this.id = id;
      this.price = price;
    }

    long id() {
      return id;
    }

    int price() {
      return price;
    }

    void price(int value) {
      price = value;
    }
  }

  /** The operations of a node's caches. */
  static final class Happened implements InvalidationObserver {

    private final List<String> events = new CopyOnWriteArrayList<>();

    List<String> events() {
      return events;
    }

    @Override
    public void joined() {
      events.add("joined");
    }

    @Override
    public void published(int keys, int wholeCaches) {
      events.add("published " + keys);
    }

    @Override
    public void applied(String cache, int keys) {
      events.add("applied " + cache);
    }

    @Override
    public void fillRefused(String cache, FillRefusal reason) {
      events.add("refused " + cache + " " + reason);
    }
  }

  /** The products, through the persistence context of the thread. */
  static class Prices {

    @PersistenceContext private EntityManager entities;

    public int read(long id) {
      return entities.find(Product.class, id).price();
    }

    @Cacheable("prices")
    public int cached(long id) {
      return read(id);
    }

    @Cacheable(cacheNames = "prices", sync = true)
    public int cachedInOneFlight(long id) {
      return read(id);
    }

    @Transactional(readOnly = true)
    @Cacheable("prices")
    public int cachedInATransaction(long id) {
      return read(id);
    }

    @Transactional
    @Cacheable("prices")
    public int cachedInAReadWriteTransaction(long id) {
      return read(id);
    }

    /** Stands for a method that reads an entity, works with it, and returns it. */
    @CachePut(cacheNames = "prices", key = "#id")
    public int put(long id) {
      return read(id);
    }

    @Transactional
    public void create(long id, int price) {
      entities.merge(new Product(id, price));
    }

    @Transactional
    @CacheEvict(cacheNames = "prices", key = "#id")
    public void change(long id, int price) {
      entities.find(Product.class, id).price(price);
    }

    @Transactional
    public void inTransaction(Runnable work) {
      work.run();
    }
  }
}
