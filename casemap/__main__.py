"""`python -m casemap`."""

from casemap.cli import main

if __name__ == "__main__":
    main()
