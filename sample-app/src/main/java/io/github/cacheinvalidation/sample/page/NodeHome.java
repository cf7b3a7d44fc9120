package io.github.cacheinvalidation.sample.page;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The path {@code /} of a node. It leads a browser on this machine to the page of the shop, which
 * outlives the node.
 */
@RestController
final class NodeHome {

  private final URI page;

  NodeHome(URI page) {
    this.page = page;
  }

  @GetMapping("/")
  ResponseEntity<String> home(HttpServletRequest request) throws UnknownHostException {
    if (InetAddress.getByName(request.getRemoteAddr()).isLoopbackAddress()) {
      return ResponseEntity.status(HttpStatus.FOUND).location(page).build();
    }
    return ResponseEntity.status(HttpStatus.FORBIDDEN)
        .contentType(MediaType.TEXT_PLAIN)
        .body("The page is shown only on the machine that runs the shop. Try /products/7 here.\n");
  }
}
