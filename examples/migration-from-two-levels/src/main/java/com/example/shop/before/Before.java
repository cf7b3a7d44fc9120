package com.example.shop.before;

import com.alicp.jetcache.anno.config.EnableMethodCache;
import io.github.cacheinvalidation.autoconfigure.CacheInvalidationAutoConfiguration;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** A node without the starter, which this project has for {@code After} alone. */
@SpringBootApplication(exclude = CacheInvalidationAutoConfiguration.class)
@EnableMethodCache(basePackages = "com.example.shop.before")
public class Before {}
