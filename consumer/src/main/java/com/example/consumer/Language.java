package com.example.consumer;

/** The language of a page. */
public enum Language {
  EN,
  DE
}
