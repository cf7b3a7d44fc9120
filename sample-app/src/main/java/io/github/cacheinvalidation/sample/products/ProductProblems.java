package io.github.cacheinvalidation.sample.products;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Converts exceptions into problem details (RFC 9457). {@code spring.mvc.problemdetails} does the
 * same for requests that Spring itself refuses.
 */
@RestControllerAdvice
class ProductProblems {

  private static final Logger log = LoggerFactory.getLogger(ProductProblems.class);

  @ExceptionHandler
  ProblemDetail unknownProduct(UnknownProductException e) {
    return ProblemDetail.forStatusAndDetail(HttpStatus.NOT_FOUND, e.getMessage());
  }

  @ExceptionHandler
  ProblemDetail badPrice(BadPriceException e) {
    return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, e.getMessage());
  }

  @ExceptionHandler
  ProblemDetail unexpected(Exception e) {
    log.error("A request failed.", e);
    return ProblemDetail.forStatusAndDetail(
        HttpStatus.INTERNAL_SERVER_ERROR, "The request failed. The node has logged the cause.");
  }
}
