package com.example.prices;

import lombok.Value;

/** The key of a price. */
@Value
public class Article {

  String shop;

  long number;
}
