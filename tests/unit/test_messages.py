"""The catalogue of findings: complete in both languages, and filled in by what the checks really give."""

from __future__ import annotations

from importlib import resources
from string import Formatter

import pytest
import yaml
from support.golden import Case, cases, found

from xingzhi import messages
from xingzhi.findings import Severity, finding
from xingzhi.labels import Label, Lang

CATALOGUE = yaml.safe_load(resources.files("xingzhi").joinpath("catalogue", "findings.yaml").read_text("utf-8"))


def fields_of(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("code", messages.finding_codes())
@pytest.mark.parametrize("part", ["message", "remedy"])
def test_every_finding_has_a_message_and_a_remedy_in_both_languages(code: str, part: str) -> None:
    assert Severity(messages.finding_severity(code))
    zh, en = (CATALOGUE[code][part][lang.value] for lang in Lang)
    assert fields_of(zh) == fields_of(en)
    filled = messages.finding_text(code, part, Lang.EN, dict.fromkeys(fields_of(en), "some"))
    assert filled.strip() and "{" not in filled and "}" not in filled
    assert zh.strip() and (zh != en or fields_of(zh))


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_what_the_checks_find_can_be_said(case: Case) -> None:
    for each in found(case):
        for lang in Lang:
            for text in (each.message(lang), each.remedy(lang)):
                assert text.strip()
                assert "{" not in text and "None" not in text


def test_a_message_may_quote_braces() -> None:
    typed = finding("C102", value="{0}", name=Label("任职起", "From"))
    assert typed.message(Lang.ZH) == "“任职起”里的“{0}”不是日期"


def test_an_unknown_code_is_a_programme_failure() -> None:
    with pytest.raises(KeyError):
        finding("Z999")
