package com.example.shop.after;

import com.alicp.jetcache.autoconfigure.JetCacheAutoConfiguration;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** A node with the starter. JetCache, which this project has for old nodes, is left out. */
@SpringBootApplication(exclude = JetCacheAutoConfiguration.class)
public class After {}
