package io.github.cacheinvalidation.autoconfigure;

/** A setting that cannot be used. The start ends with what is wrong and what to do about it. */
final class InvalidSettingException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String description;

  private final String remedy;

  InvalidSettingException(String description, String remedy) {
    super(description + ". " + remedy);
    this.description = description;
    this.remedy = remedy;
  }

  /** Returns what is wrong, naming the property and its value. */
  String description() {
    return description;
  }

  /** Returns what to do about it. */
  String remedy() {
    return remedy;
  }
}
