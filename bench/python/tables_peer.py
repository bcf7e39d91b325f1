"""pandas.read_csv, beside which bench/src/learning/tables-speed.ts measures our reader (pip: pandas==3.1.1).

tables_peer.py PATH   reads a CSV file without header, prints seconds, memory and the sum of all values
"""
import json
import resource
import sys
import time

import pandas as pd


def resident():
    """Bytes that the process has in memory."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize()


before = resident()
start = time.perf_counter()
table = pd.read_csv(sys.argv[1], header=None)
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
rows, columns = table.shape
print(
    json.dumps(
        {
            "seconds": seconds,
            "peakBytes": peak - before,
            "rows": rows,
            "columns": columns - 1,
            "sum": float(table.iloc[:, 1:].to_numpy().sum()),
            "version": pd.__version__,
        }
    )
)
