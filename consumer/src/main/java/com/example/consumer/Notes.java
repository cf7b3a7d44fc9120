package com.example.consumer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;

/** Notes, stored in the files of a directory and read through a cache. */
@Service
public class Notes {

  private final Path directory;
  private final AtomicInteger loads = new AtomicInteger();

  Notes(@Value("${notes.directory}") Path directory) {
    this.directory = directory;
  }

  @Cacheable("notes")
  public String read(String name) {
    loads.incrementAndGet();
    try {
      return Files.readString(directory.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @CacheEvict(cacheNames = "notes", key = "#name")
  public void write(String name, String text) {
    try {
      Files.writeString(directory.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns how often a file was read because the cache had no value. */
  public int loads() {
    return loads.get();
  }
}
