"""``python -m quizapp``: the same as the command ``quizapp``."""

from quizapp.cli.main import main

if __name__ == "__main__":
    main()
