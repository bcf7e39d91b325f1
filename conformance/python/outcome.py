"""Steps with a name: each prints `ok <name>` or `FAILED <name>` with the reason, and the program ends with `N passed, N failed`."""

import contextlib
import sys
import time
import traceback

_counts = {"passed": 0, "failed": 0}


@contextlib.contextmanager
def step(name):
    started = time.perf_counter()
    try:
        yield
    except Exception:
        _counts["failed"] += 1
        print(f"FAILED {name}", flush=True)
        traceback.print_exc()
    else:
        _counts["passed"] += 1
        print(f"ok {name} ({time.perf_counter() - started:.2f} s)", flush=True)


def raises(client, code, call, **arguments):
    """The error's response, after checking its code; fails when the call succeeds."""
    from botocore.exceptions import ClientError

    try:
        call(**arguments)
    except ClientError as error:
        found = error.response["Error"]["Code"]
        assert found == code, f"expected {code}, got {found}: {error}"
        return error.response
    raise AssertionError(f"expected {code}, but the call succeeded")


def finish():
    print(f"{_counts['passed']} passed, {_counts['failed']} failed", flush=True)
    sys.exit(1 if _counts["failed"] else 0)
