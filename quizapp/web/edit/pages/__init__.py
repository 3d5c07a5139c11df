"""What editing pages show: frozen values made by pure functions, words included."""
