package io.github.cacheinvalidation.internal.key;

/** The form of a key in a message, as a text for a person; the text has no value of the key. */
public final class KeyForm {

  private KeyForm() {}

  /** Returns the form of a key. Names of classes and codecs are as the message gives them. */
  public static String of(WireKey key) {
    if (key instanceof WireValue.Text) {
      return "a text";
    }
    if (key instanceof WireValue.Whole
        || key instanceof WireValue.BigWhole
        || key instanceof WireValue.Packed) {
      return "a whole number";
    }
    if (key instanceof WireValue.Tagged tagged) {
      return "\"" + tagged.tag() + "\"";
    }
    if (key instanceof WireValue.EnumConstant constant) {
      return "the enum " + constant.className();
    }
    if (key instanceof WireValue.RecordValue object) {
      return "the record " + object.className();
    }
    if (key instanceof WireValue.ObjectValue object) {
      return "the class " + object.className();
    }
    if (key instanceof WireValue.Coded coded) {
      return "the codec " + coded.codec();
    }
    if (key instanceof WireValue.SimpleKeyValue parts) {
      return "a SimpleKey of " + parts.elements().size();
    }
    return key instanceof WireValue.Sequence ? "a list" : "another form";
  }
}
