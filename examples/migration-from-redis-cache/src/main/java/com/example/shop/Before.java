package com.example.shop;

import io.github.cacheinvalidation.autoconfigure.CacheInvalidationAutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** A node without the starter, which this project has for {@link After} alone. */
@Configuration
@EnableAutoConfiguration(exclude = CacheInvalidationAutoConfiguration.class)
@EnableCaching
@Import(Products.class)
public class Before {}
