"""Arrow arrays made of the memory of NumPy's, and of words.

``pyarrow.array`` does the same, and imports pandas to look whether it was given a part of a table;
``dictionary_encode`` imports `pyarrow.compute`. A sweep needs neither, and starts without them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


def numbers(values: NDArray[Any]) -> pa.Array:
    """Return whole numbers or floats as an Arrow array of the same type, without a copy."""
    values = np.ascontiguousarray(values)
    kind = pa.from_numpy_dtype(values.dtype)
    return pa.Array.from_buffers(kind, values.size, [None, pa.py_buffer(values)], null_count=0)


def truths(values: Sequence[bool]) -> pa.Array:
    """Return booleans as an Arrow array."""
    bits = pa.py_buffer(np.packbits(values, bitorder="little"))
    return pa.Array.from_buffers(pa.bool_(), len(values), [None, bits], null_count=0)


def words(values: Sequence[str]) -> pa.Array:
    """Return texts, of two gigabytes at most, as an Arrow array."""
    encoded = [value.encode() for value in values]
    ends = np.zeros(len(encoded) + 1, dtype=np.int32)
    np.cumsum([len(text) for text in encoded], out=ends[1:])
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.string(), len(encoded), buffers, null_count=0)


def labels(values: Sequence[str], lengths: Sequence[int] | int = 1) -> pa.Array:
    """Return texts that recur as an Arrow dictionary, each repeated so many times in a row."""
    places: dict[str, int] = {}
    codes = np.array([places.setdefault(value, len(places)) for value in values], dtype=np.int32)
    return coded(list(places), np.repeat(codes, lengths))


def coded(names: Sequence[str], codes: NDArray[np.int32]) -> pa.Array:
    """Return an Arrow dictionary of names and places in them, which are not looked at."""
    # To look whether codes are places in `names` takes half as long as all else in a table.
    return pa.DictionaryArray.from_arrays(numbers(codes), words(names), safe=False)
