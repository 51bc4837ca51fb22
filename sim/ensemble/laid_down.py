"""A run as compiled code hands it on: by its address, as Python does.

Numba hands a named tuple on word by word, and `Run` has some 250 words: to carry them into every
function and on to the next was a third of the compiler's work, unless all became one function, which
it takes even longer over. Laid down in memory, a run is one word to all that it is handed to.
"""

from __future__ import annotations

import hashlib
from typing import Any

from numba import types
from numba.core import cgutils
from numba.core.imputils import impl_ret_borrowed
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_global
from numba.extending import (
    infer_getattr,
    lower_builtin,
    lower_getattr_generic,
    models,
    register_model,
)

from sim.ensemble.run import Run


def laid_down(*fields: Any) -> Run:
    """Return the run of some fields; compiled, it lies in the memory of the function that asks.

    It keeps no array alive: whoever asks must.

    Parameters
    ----------
    fields : values
        In the order of `Run`.
    """
    return Run(*fields)


class RunType(types.Type):  # type: ignore[misc]
    """Type of a run in compiled code.

    Parameters
    ----------
    fields : tuple of numba.types.Type
        Types of the fields of `Run`, in its order.
    """

    def __init__(self, fields: tuple[types.Type, ...]) -> None:
        self.fields = fields
        # The name is a part of every symbol, and tells runs of other fields apart.
        super().__init__(name=f"Run{hashlib.sha256(repr(fields).encode()).hexdigest()[:12]}")


@register_model(RunType)
class _Address(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, run: RunType) -> None:
        struct = manager[types.Tuple(run.fields)].get_value_type()
        super().__init__(manager, run, struct.as_pointer())
        self._bytes = 8 * _words(struct)

    def from_argument(self, builder: Any, value: Any) -> Any:
        # No column holds a run: what is written to columns leaves it as it is. And it may be read
        # at any time, also ahead of a branch. Without either, loops would read it anew in each turn.
        value.add_attribute("noalias")
        value.attributes.dereferenceable, value.attributes.align = self._bytes, 8
        return value


def _words(kind: Any) -> int:
    """Return how many words of eight bytes a type of machine code takes."""
    if hasattr(kind, "elements"):
        return sum(map(_words, kind.elements))
    return kind.count * _words(kind.element) if hasattr(kind, "count") else 1


@infer_global(laid_down)
class _LayingDown(AbstractTemplate):  # type: ignore[misc]
    def generic(self, fields: tuple[types.Type, ...], names: dict[str, types.Type]) -> Any:
        return RunType(fields)(*fields)


@infer_getattr
class _Fields(AttributeTemplate):  # type: ignore[misc]
    key = RunType

    def generic_resolve(self, run: RunType, name: str) -> types.Type | None:
        return run.fields[Run._fields.index(name)] if name in Run._fields else None


@lower_builtin(laid_down, types.VarArg(types.Any))  # type: ignore[untyped-decorator]
def _lay_down(context: Any, builder: Any, signature: Any, fields: Any) -> Any:
    run = cgutils.alloca_once(builder, context.get_value_type(signature.return_type).pointee)
    for position, field in enumerate(fields):
        builder.store(field, cgutils.gep_inbounds(builder, run, 0, position))
    return run


@lower_getattr_generic(RunType)  # type: ignore[untyped-decorator]
def _field(context: Any, builder: Any, kind: RunType, run: Any, name: str) -> Any:
    position = Run._fields.index(name)
    value = builder.load(cgutils.gep_inbounds(builder, run, 0, position))
    return impl_ret_borrowed(context, builder, kind.fields[position], value)
