"""How a film was shot: where its camera really went, whom it shows, and how its shots go together."""
