package com.example.shop;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands for the database that all nodes share. */
public final class Database {

  private static final Map<Long, String> NAMES = new ConcurrentHashMap<>();

  private static final AtomicInteger READS = new AtomicInteger();

  private Database() {}

  public static String name(long id) {
    READS.incrementAndGet();
    return NAMES.getOrDefault(id, "none");
  }

  public static void rename(long id, String name) {
    NAMES.put(id, name);
  }

  /** Returns how often a name was read. */
  public static int reads() {
    return READS.get();
  }
}
