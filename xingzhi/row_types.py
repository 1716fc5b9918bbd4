"""The pydantic type of a table's rows, built from the declaration of its columns."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, InstanceOf, create_model

from xingzhi.columns import Column, ColumnType, Owner, Table
from xingzhi.windows import Window

_PERIOD = r"\A[0-9]{4}-(0[1-9]|1[0-2])\z"
_TYPES: dict[int, tuple[Table, type[BaseModel]]] = {}


def row_type(table: Table) -> type[BaseModel]:
    """The type that validates the normalised values of a row: strict, and without columns that are not declared.

    Blank values and those that could not be understood are left out of what is validated. A column is required only of
    its owner, so office-owned columns never are.
    """
    # A table holds mappings, so it has no hash; the table is kept beside the type, so its id is never another's.
    held = _TYPES.get(id(table))
    if held is None:
        held = _TYPES[id(table)] = (table, _build(table))
    return held[1]


def _build(table: Table) -> type[BaseModel]:
    fields: dict[str, Any] = {column.key: _field(column) for column in table.columns}
    name = f"{table.key.title()}Row"
    # A column may be called as a method of BaseModel is; values are never read from the model by attribute.
    config = ConfigDict(extra="forbid", strict=True, frozen=True, protected_namespaces=())
    model: type[BaseModel] = create_model(name, __config__=config, **fields)
    return model


def _field(column: Column) -> tuple[Any, Any]:
    required = column.required and column.owner is Owner.UNIT
    return (_annotated(column), ... if required else None)


def _annotated(column: Column) -> Any:
    match column.type:
        case ColumnType.DATE:
            return date | InstanceOf[Window] if column.spans else date
        case ColumnType.PERIOD:
            return Annotated[str, Field(pattern=_PERIOD)]
        case ColumnType.INTEGER:
            return Annotated[int, Field(ge=column.minimum, le=column.maximum)]
        case ColumnType.CHOICE:
            keys = cast(Any, Literal)[tuple(choice.key for choice in column.choices)]
            return tuple.__class_getitem__((keys, ...)) if column.multiple else keys
    # The pattern of a column holds for the whole text, and pydantic's is sought anywhere in it.
    pattern = None if column.pattern is None else rf"\A(?:{column.pattern})\z"
    return Annotated[str, Field(pattern=pattern, max_length=column.max_length)]
