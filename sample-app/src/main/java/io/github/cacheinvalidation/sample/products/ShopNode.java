package io.github.cacheinvalidation.sample.products;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * The configuration of one node. The starter on the class path is all that makes its caches
 * coherent with those of the other nodes.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class ShopNode {}
