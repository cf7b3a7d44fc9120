package com.example.consumer;

/** A folder of pages. */
public record Folder(String name) {}
