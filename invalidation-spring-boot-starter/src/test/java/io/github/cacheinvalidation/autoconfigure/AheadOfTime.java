package io.github.cacheinvalidation.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.core.io.InputStreamSource;
import org.springframework.javapoet.ClassName;

/** Builds an application ahead of time. */
final class AheadOfTime {

  private AheadOfTime() {}

  /** Returns the generated classes of a context that is not refreshed. */
  static List<String> codeOf(AnnotationConfigApplicationContext context) {
    InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
    DefaultGenerationContext generated =
        new DefaultGenerationContext(
            new ClassNameGenerator(ClassName.get(AheadOfTime.class)), files);
    new ApplicationContextAotGenerator().processAheadOfTime(context, generated);
    generated.writeGeneratedContent();
    return files.getGeneratedFiles(GeneratedFiles.Kind.SOURCE).values().stream()
        .map(AheadOfTime::content)
        .toList();
  }

  private static String content(InputStreamSource source) {
    try (InputStream code = source.getInputStream()) {
      return new String(code.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
