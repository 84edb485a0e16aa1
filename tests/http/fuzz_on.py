"""One of the checks of `fuzz.py`, endless, with coverage as guide; needs `pip install atheris`.

    python tests/http/fuzz_on.py TARGET [atheris's options, such as -max_total_time=600, and a folder for what it finds interesting]

What breaks one is written to a file `crash-...`; keep it as `found/TARGET.NAME`.
"""

import sys

import atheris

with atheris.instrument_imports(include=["crawler", "fuzz"]):
    from fuzz import TARGETS


def main() -> None:
    """Fuzz one target until it breaks or is stopped."""
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
