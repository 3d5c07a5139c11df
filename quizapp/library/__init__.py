"""Which banks are published: the folder, the store and compiled banks, kept in step."""
