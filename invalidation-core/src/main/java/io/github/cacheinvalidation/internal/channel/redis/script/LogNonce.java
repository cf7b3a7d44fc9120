package io.github.cacheinvalidation.internal.channel.redis.script;

import java.util.regex.Pattern;

/**
 * The random id of a log entry. Whoever may write to the log can write anything, and what is no
 * random id must not become part of a position: it counts as none.
 */
public final class LogNonce {

  /** The same rule for scripts: {@code nonce(entry)} gives the random id of an entry of a reply. */
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
