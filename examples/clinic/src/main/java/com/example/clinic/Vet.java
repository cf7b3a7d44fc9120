package com.example.clinic;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

@Entity
public class Vet {

  @Id private Long id;

  private String name;

  protected Vet() {}

  public Vet(Long id, String name) {
    this.id = id;
    this.name = name;
  }

  public Long getId() {
    return id;
  }

  public String getName() {
    return name;
  }

  public void setName(String name) {
    this.name = name;
  }
}
