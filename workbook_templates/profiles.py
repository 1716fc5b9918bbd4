"""The shipped profiles: `programmes/<id>.yaml`, read into models."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml

from xingzhi.programme import Programme

FOLDER = resources.files("workbook_templates").joinpath("programmes")


def profile_ids() -> tuple[str, ...]:
    """The ids of the shipped profiles, sorted."""
    return tuple(sorted(item.name[:-5] for item in FOLDER.iterdir() if item.name.endswith(".yaml")))


@cache
def profile(id: str) -> Programme:
    """One shipped profile. KeyError for an id that none has."""
    if id not in profile_ids():
        raise KeyError(id)
    text = FOLDER.joinpath(f"{id}.yaml").read_text(encoding="utf-8")
    return Programme.model_validate(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
