package com.example.shop.after;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** A node with the starter. */
@SpringBootApplication
public class After {}
