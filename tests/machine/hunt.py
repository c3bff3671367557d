"""Runs of the machine until one breaks something; says how many it took and what broke."""

import sys

from tests.machine.machine import BROKEN
from tests.machine.soak import DOUBTS, run

BATCH = 5


def main() -> None:
    most = int(sys.argv[1])
    for done in range(0, most, BATCH):
        number = done // BATCH
        try:
            run(number, runs=BATCH, doubt=DOUBTS[number % len(DOUBTS)])
        except Exception as error:
            broken = str(error).partition(BROKEN)[2].strip() or f"{type(error).__name__}: {error}"
            sys.stdout.write(f"{done + BATCH} {broken.splitlines()[0][:100]}\n")
            return
    sys.stdout.write(f"{most} \n")


if __name__ == "__main__":
    main()
