package com.example.shop;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** A node with the starter. */
@Configuration
@EnableAutoConfiguration
@Import({Products.class, BesideOldNodes.class})
public class After {}
