package io.github.cacheinvalidation.autoconfigure.endpoint;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * The endpoint over HTTP. Spring Boot hides the text of an error, so an answer with status 400 or
 * 404 has a body here that says what is wrong and what to do.
 */
@EndpointWebExtension(endpoint = InvalidationEndpoint.class)
final class InvalidationEndpointWebExtension {

  private final InvalidationEndpoint endpoint;

  InvalidationEndpointWebExtension(InvalidationEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  /** What is wrong with a request. */
  record Problem(String error) {}

  @ReadOperation
  WebEndpointResponse<Object> invalidation(@Nullable String since, @Nullable Integer limit) {
    return answer(() -> endpoint.invalidation(since, limit));
  }

  @ReadOperation
  WebEndpointResponse<Object> cache(@Selector String cache) {
    return answer(() -> found(cache, endpoint.cache(cache)));
  }

  @ReadOperation
  WebEndpointResponse<Object> key(
      @Selector String cache, @Selector(match = Selector.Match.ALL_REMAINING) String... key) {
    return answer(() -> found(cache, endpoint.key(cache, key)));
  }

  @DeleteOperation
  WebEndpointResponse<Object> clear(@Selector String cache) {
    return answer(() -> endpoint.clear(cache));
  }

  @DeleteOperation
  WebEndpointResponse<Object> evict(
      @Selector String cache, @Selector(match = Selector.Match.ALL_REMAINING) String... key) {
    return answer(() -> endpoint.evict(cache, key));
  }

  private static Object found(String cache, @Nullable Object page) {
    return page == null ? new Problem("This node has no cache '" + cache + "'") : page;
  }

  private static WebEndpointResponse<Object> answer(Supplier<Object> operation) {
    try {
      Object body = operation.get();
      return new WebEndpointResponse<>(
          body,
          body instanceof Problem
              ? WebEndpointResponse.STATUS_NOT_FOUND
              : WebEndpointResponse.STATUS_OK);
    } catch (InvalidEndpointRequestException refused) {
      String reason = Objects.requireNonNullElse(refused.getReason(), "The request is not valid");
      return new WebEndpointResponse<>(new Problem(reason), WebEndpointResponse.STATUS_BAD_REQUEST);
    }
  }
}
