"""Questions about a whole bank: every taker it could ever have, at once."""
