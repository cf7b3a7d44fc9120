package io.github.cacheinvalidation.autoconfigure.internal.settings;

/**
 * A bean cannot be used, or a setting is missing. Stops the start with a description of the problem
 * and a remedy. A property with a bad value is refused with the exception of Spring Boot instead,
 * whose analysis names the origin of the value.
 */
public final class InvalidSettingException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String description;

  private final String remedy;

  public InvalidSettingException(String description, String remedy, Throwable cause) {
    super(description + ". " + remedy, cause);
    this.description = description;
    this.remedy = remedy;
  }

  /** Returns the problem, as a sentence without a final period. */
  public String description() {
    return description;
  }

  /** Returns the remedy, as a sentence without a final period. */
  public String remedy() {
    return remedy;
  }
}
