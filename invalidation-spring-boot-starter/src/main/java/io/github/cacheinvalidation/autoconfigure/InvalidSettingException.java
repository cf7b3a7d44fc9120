package io.github.cacheinvalidation.autoconfigure;

/**
 * A bean that cannot be used, or a setting that is missing. The start ends with what is wrong and
 * what to do about it. A property with a bad value is refused with Spring Boot's own exception,
 * whose analysis says where the value comes from.
 */
final class InvalidSettingException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String description;

  private final String remedy;

  InvalidSettingException(String description, String remedy, Throwable cause) {
    super(description + ". " + remedy, cause);
    this.description = description;
    this.remedy = remedy;
  }

  /** Returns what is wrong. */
  String description() {
    return description;
  }

  /** Returns what to do about it. */
  String remedy() {
    return remedy;
  }
}
