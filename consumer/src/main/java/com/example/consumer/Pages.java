package com.example.consumer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;

/** Pages, stored in files. Their keys consist of several parameters. */
@Service
public class Pages {

  private final Path directory;
  private final AtomicInteger loads = new AtomicInteger();

  Pages(@Value("${notes.directory}") Path directory) {
    this.directory = directory;
  }

  @Cacheable("pages")
  public String read(Folder folder, long number, Language language) {
    loads.incrementAndGet();
    try {
      return Files.readString(file(folder, number, language));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds an exclamation mark. */
  @CacheEvict("pages")
  public void extend(Folder folder, long number, Language language) {
    try {
      Files.writeString(file(folder, number, language), "!", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns how often a file was read because the cache had no value. */
  public int loads() {
    return loads.get();
  }

  private Path file(Folder folder, long number, Language language) {
    return directory.resolve(folder.name() + "-" + number + "-" + language);
  }
}
