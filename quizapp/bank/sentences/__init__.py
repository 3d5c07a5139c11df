"""Rules read aloud, in Japanese and in English."""
