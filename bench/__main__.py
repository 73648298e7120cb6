"""Measure the budgets and print them, a line each."""

from bench import feeds, locks


def main() -> None:
    for title, measure in (("Feeds", feeds.measure), ("Doors", locks.measure)):
        print(title)  # noqa: T201
        for line in measure():
            print(f"  {line}")  # noqa: T201


if __name__ == "__main__":
    main()
