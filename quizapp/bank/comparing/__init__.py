"""Two or three states of a bank's data beside each other: what changed, and both changes in one."""
