"""A bank and a taker's answers in, an explained ranking out; integers throughout."""
