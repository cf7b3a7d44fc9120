package com.example.clinic;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class VetController {

  private final Vets vets;

  private final Greetings greetings;

  VetController(Vets vets, Greetings greetings) {
    this.vets = vets;
    this.greetings = greetings;
  }

  @GetMapping("/vets/{id}")
  String read(@PathVariable long id) {
    return greetings.of(vets.name(id));
  }

  @PutMapping("/vets/{id}")
  void rename(@PathVariable long id, @RequestBody String name) {
    vets.rename(id, name);
  }
}
