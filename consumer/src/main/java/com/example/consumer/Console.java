package com.example.consumer;

import java.util.Scanner;
import org.springframework.boot.CommandLineRunner;
import org.springframework.stereotype.Component;

/**
 * Executes commands from standard input: {@code read NAME}, {@code write NAME TEXT}, {@code page
 * FOLDER NUMBER LANGUAGE} and {@code extend FOLDER NUMBER LANGUAGE}.
 */
@Component
class Console implements CommandLineRunner {

  private final Notes notes;
  private final Pages pages;

  Console(Notes notes, Pages pages) {
    this.notes = notes;
    this.pages = pages;
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
      return answer(notes.read(words[1]), notes.loads() == before);
    }
    if (words.length == 3 && words[0].equals("write")) {
      notes.write(words[1], words[2]);
      return "written";
    }
    if (words.length == 3 && (words[0].equals("page") || words[0].equals("extend"))) {
      return answerForPage(words[0], words[1], words[2].split(" "));
    }
    return "Enter 'read', 'write', 'page' or 'extend', with a note or a page.";
  }

  private String answerForPage(String command, String folder, String[] page) {
    Folder of = new Folder(folder);
    long number = Long.parseLong(page[0]);
    Language language = Language.valueOf(page[1]);
    if (command.equals("extend")) {
      pages.extend(of, number, language);
      return "extended";
    }
    int before = pages.loads();
    return answer(pages.read(of, number, language), pages.loads() == before);
  }

  private static String answer(String text, boolean cached) {
    return text + (cached ? " (cached)" : " (loaded)");
  }
}
