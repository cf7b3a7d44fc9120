package io.github.cacheinvalidation.internal.channel.redis.script;

import java.util.regex.Pattern;

/**
 * The random id of a log entry. Any program with write access can add entries with other text in
 * that field. Such text must not become part of a position, so it counts as a missing id.
 */
public final class LogNonce {

  /** The same rule in Lua: {@code nonce(entry)} returns the random id of a reply's entry. */
  static final String LUA =
      """
      local function field(entry, name)
        local fields = entry[2]
        local value, times = '', 0
        for i = 1, #fields - 1, 2 do
          if fields[i] == name then
            value, times = fields[i + 1], times + 1
          end
        end
        return times == 1 and value or ''
      end
      local function nonce(entry)
        local n = field(entry, 'n')
        return #n <= 64 and string.match(n, '^[%w_-]*$') or ''
      end
      """;

  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private LogNonce() {}

  public static boolean isValid(String nonce) {
    return VALID.matcher(nonce).matches();
  }

  static String read(String raw) {
    return isValid(raw) ? raw : "";
  }
}
