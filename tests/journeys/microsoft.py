"""The simulator of a journey: every answer of Graph is held against Microsoft's own types.

An answer that does not fit is an error in the log, and that fails the journey.
"""

from typing import Any

from flask import Flask

from simulator import create_app
from simulator.__main__ import main
from tests import wire


def judged(*parts: Any, **more: Any) -> Flask:
    """The simulated addresses, watched."""
    app: Flask = wire.validating(create_app(*parts, **more), every=True)
    return app


if __name__ == "__main__":
    main(make=judged)
