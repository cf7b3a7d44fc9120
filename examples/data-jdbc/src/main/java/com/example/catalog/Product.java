package com.example.catalog;

import org.springframework.data.annotation.Id;

/** Without {@code @Table}: with two Spring Data modules, its repository would not exist. */
public record Product(@Id Long id, String name) {}
