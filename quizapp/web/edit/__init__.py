"""The pages on which banks are edited; everything here needs somebody who has signed in."""
