package com.example.consumer;

import java.util.Scanner;
import org.springframework.boot.CommandLineRunner;
import org.springframework.stereotype.Component;

/** Executes the commands {@code read NAME} and {@code write NAME TEXT} from standard input. */
@Component
class Console implements CommandLineRunner {

  private final Notes notes;

  Console(Notes notes) {
    this.notes = notes;
  }

  @Override
  public void run(String... args) {
    System.out.println("> ready");
    Scanner lines = new Scanner(System.in);
    while (lines.hasNextLine()) {
      System.out.println("> " + answer(lines.nextLine().split(" ", 3)));
    }
  }

  private String answer(String[] words) {
    if (words.length == 2 && words[0].equals("read")) {
      int before = notes.loads();
      String text = notes.read(words[1]);
      return text + (notes.loads() == before ? " (cached)" : " (loaded)");
    }
    if (words.length == 3 && words[0].equals("write")) {
      notes.write(words[1], words[2]);
      return "written";
    }
    return "Enter 'read NAME' or 'write NAME TEXT'.";
  }
}
