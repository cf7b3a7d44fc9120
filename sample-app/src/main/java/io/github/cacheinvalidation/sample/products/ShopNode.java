package io.github.cacheinvalidation.sample.products;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * The configuration of one node. The starter on the class path alone keeps its caches coherent with
 * the caches of the other nodes.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class ShopNode {}
