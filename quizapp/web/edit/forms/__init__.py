"""Forms made from the shapes of a bank: plain data becomes inputs, what is sent becomes plain data again."""
