package io.github.cacheinvalidation.autoconfigure.internal.beans;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Import;

/**
 * Imports the configurations of this package, in this order. The auto-configuration is in another
 * package and cannot name them, because a configuration that is no auto-configuration is not
 * public.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Import({
  DefaultManagerConfiguration.class,
  ApplicationCachesConfiguration.class,
  BesideManagerConfiguration.class,
  CoherentCachingConfiguration.class,
  InactiveConfiguration.class
})
public @interface ImportBeans {}
