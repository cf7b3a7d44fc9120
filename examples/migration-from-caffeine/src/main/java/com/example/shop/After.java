package com.example.shop;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The same without the bean. */
@Configuration
@EnableAutoConfiguration
@Import(Products.class)
public class After {}
