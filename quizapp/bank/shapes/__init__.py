"""What a bank's fields look like to somebody who fills them in, read from the model."""
