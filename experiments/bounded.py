"""Files that somebody else may have made, read within bounds.

A small file can unpack to more than the machine has (a table of a billion equal rows, text that
repeats itself through aliases), be a pipe that never ends, or nest until the program falls. What a
file would come to is found out first, and what is too much is refused before it is read. Text that
gives a terminal orders, or turns what is read around, is no text for a name or a sentence.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

MOST_BYTES = 2 * 1024**3
"""Of one file: a chunk of a sweep that stores every run's weekly series has some 100 MB."""
MOST_UNPACKED = 8 * 1024**3
"""Of one table in memory."""
MOST_NODES = 5_000_000
"""Entries of one YAML file, aliases followed: a country of 100,000 places has some 2 million."""
FEW_NODES, MOST_REPEATED = 10_000, 20
"""Entries that any file may have, and how many times its own a larger one may have by aliases: to
compose 111,000 of five lines took 45 seconds."""
_DEEPEST = 100
# Control characters but tabs and ends of lines, marks that reverse what follows, halves of characters.
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def content_of(file: Path, *, most: int = MOST_BYTES, pipes: bool = False) -> bytes:
    """Return the bytes of a file.

    Parameters
    ----------
    file : its path.
    most : bytes that it may have at most.
    pipes : whether a pipe will do, as a shell makes one of ``<(command)``.

    Raises
    ------
    OSError
        It cannot be read.
    ValueError
        It is no file, or has more than `most` bytes.
    """
    # A pipe that nobody writes to would keep the reader waiting for ever, unless it is asked for.
    with os.fdopen(os.open(file, os.O_RDONLY | (0 if pipes else os.O_NONBLOCK)), "rb") as stream:
        status = os.fstat(stream.fileno())
        if not (stat.S_ISREG(status.st_mode) or (pipes and stat.S_ISFIFO(status.st_mode))):
            raise ValueError("not a file")
        if status.st_size > most:
            raise ValueError(f"{status.st_size:,} bytes, more than the {most:,} that are read")
        # All that is asked for is set aside at once: no more than the file says it has.
        content = stream.read(1 + (status.st_size if stat.S_ISREG(status.st_mode) else most))
    if len(content) > most:
        raise ValueError(f"more than the {most:,} bytes that are read")
    return content


def table_of(content: bytes, *, most: int | None = None) -> pa.Table:
    """Return the table of a Parquet file.

    Raises
    ------
    ValueError
        It is none, or would take more than `most` bytes of memory (`MOST_UNPACKED` unless given).
    """
    most = MOST_UNPACKED if most is None else most
    try:
        stored = pq.ParquetFile(pa.BufferReader(content))
        schema = stored.schema_arrow
        if any(pa.types.is_nested(kind) for kind in schema.types):
            raise ValueError("has tables within its table")
        _refuse_bomb(stored.metadata, most)
        words = [field.name for field in schema if _of_bytes(field.type)]
        # Without Arrow's threads: one that still ends when the program does aborts it, now and then.
        packed = pq.read_table(
            pa.BufferReader(content), read_dictionary=words, use_threads=False, pre_buffer=False
        )
        refuse_unshown(packed.column_names)
        # Equal words were read once: a long one that repeats itself is the other bomb.
        if sum(_unpacked(packed.column(i)) for i, f in enumerate(schema) if f.name in words) > most:
            raise ValueError(f"would unpack to more than {most:,} bytes")
        for name in words:
            refuse_unshown(_different(packed.column(name)))
        return packed.cast(schema)
    except (pa.ArrowException, OSError, KeyError) as error:
        raise ValueError(f"not readable as Parquet ({type(error).__name__})") from None


def yaml_of(content: bytes | str) -> Any:
    """Return what a YAML file holds, as plain data.

    Raises
    ------
    ValueError
        It is no YAML, nests too deeply, or multiplies itself.
    """
    loader = _LOADER(content)
    try:
        root = loader.get_single_node()
        if root is None:
            return None
        refuse_multiplied(root)
        return loader.construct_document(root)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None
    except (AttributeError, KeyError, TypeError) as error:  # a value that its own tag denies
        raise ValueError(f"a value is not what its tag says ({error})") from None
    except RecursionError:
        raise ValueError("nests too deeply") from None
    finally:
        loader.dispose()


def json_of(content: bytes) -> Any:
    """Return what a JSON file holds.

    Raises
    ------
    ValueError
        It is no JSON, or nests too deeply.
    """
    try:
        found = json.loads(content)
        refuse_unshown(_texts(found))
    except RecursionError:
        raise ValueError("nests too deeply") from None
    return found


def refuse_unshown(texts: Iterable[str]) -> None:
    """Raise ValueError for text that is none for a screen: escape sequences, marks that reverse it."""
    for text in texts:
        if _UNSHOWN.search(text):
            raise ValueError(f"{text[:20]!a} cannot be shown on a screen")


def _texts(tree: Any) -> Iterator[str]:
    """Yield every text of plain data, names of entries included."""
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict):
        yield from tree
        for entry in tree.values():
            yield from _texts(entry)
    elif isinstance(tree, list):
        for entry in tree:
            yield from _texts(entry)


def refuse_multiplied(root: yaml.Node) -> None:
    """Raise ValueError if a YAML file is too large with each alias counted as what it stands for.

    Also if it is many times as large as what it holds without them, or a text among its nodes is none
    for a screen.
    """
    known: dict[int, int] = {}
    size = _size(root, known, 0)
    most = min(MOST_NODES, max(FEW_NODES, MOST_REPEATED * len(known)))
    if size > most:
        raise ValueError(f"nests or repeats itself to more than {most:,} entries")


def _size(node: yaml.Node, known: dict[int, int], depth: int) -> int:
    if id(node) in known:
        return known[id(node)]
    known[id(node)] = MOST_NODES + 1  # a node within itself has no end
    if depth > _DEEPEST:
        return MOST_NODES + 1
    size = 1
    if isinstance(node, yaml.ScalarNode):
        refuse_unshown((node.value,))
    if isinstance(node, yaml.CollectionNode):
        for child in node.value:
            for part in child if isinstance(child, tuple) else (child,):
                size += _size(part, known, depth + 1)
    known[id(node)] = size
    return size


def _of_bytes(kind: pa.DataType) -> bool:
    return any(
        right(kind)
        for right in (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary,
                      pa.types.is_large_binary)
    )  # fmt: skip


def _different(column: pa.ChunkedArray) -> Iterator[str]:
    """Yield the texts of a column of words, of which equal ones are held once; bytes are left out."""
    for chunk in column.chunks:
        words = chunk.dictionary if pa.types.is_dictionary(chunk.type) else chunk
        yield from (word for word in words.to_pylist() if isinstance(word, str))


def _unpacked(column: pa.ChunkedArray) -> int:
    """Return the bytes of all values of a column of words, of which equal ones are held once."""
    import pyarrow.compute as pc

    size = 0
    for chunk in column.chunks:
        if pa.types.is_dictionary(chunk.type):
            lengths = pc.binary_length(chunk.dictionary).cast(pa.int64())
            size += pc.sum(pc.take(lengths, chunk.indices)).as_py() or 0
    return size


def _refuse_bomb(metadata: Any, most: int) -> None:
    """Raise if the columns of a table, values and what they are packed into, are too much."""
    size = 0
    for group in map(metadata.row_group, range(metadata.num_row_groups)):
        for column in map(group.column, range(group.num_columns)):
            # Eight bytes a value: runs of equal ones take none in the file.
            size += 8 * max(column.num_values, group.num_rows, 0)
            size += max(column.total_uncompressed_size, 0)
            if size > most:
                raise ValueError(f"would unpack to more than {most:,} bytes")
