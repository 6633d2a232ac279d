"""``python -m flmparse`` is the command ``flmparse``."""

from flmparse.cli import main

if __name__ == "__main__":
    main()
