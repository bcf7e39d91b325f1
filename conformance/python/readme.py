"""Runs the Python examples of README.md as they stand. Ends with `N passed, N failed`."""

import re
from pathlib import Path

from outcome import finish, step

for number, code in enumerate(re.findall(r"^```python\n(.*?)^```$", Path("README.md").read_text(), re.M | re.S), 1):
    with step(f"README.md: Python example {number}"):
        exec(compile(code, f"README.md example {number}", "exec"), {"__name__": "__main__"})

finish()
