package io.github.cacheinvalidation.test;

import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.support.TestPropertySourceUtils;

/** The application of one node, without a test context around it. */
final class NodeApplication extends SpringApplication {

  private final Map<String, Object> properties;

  private NodeApplication(Class<?> application, String... properties) {
    super(application);
    this.properties = TestPropertySourceUtils.convertInlinedPropertiesToMap(properties);
  }

  static void start(FleetNode node, Class<?> application, String... properties) {
    NodeApplication started = new NodeApplication(application, properties);
    started.setBannerMode(Banner.Mode.OFF);
    started.addInitializers(node::joinAndOwn);
    started.run();
  }

  /** Adds the properties before profiles and configuration files are looked for. */
  @Override
  protected void configureEnvironment(ConfigurableEnvironment environment, String[] args) {
    super.configureEnvironment(environment, args);
    environment
        .getPropertySources()
        .addFirst(new MapPropertySource("invalidationFleetProperties", properties));
  }
}
