"""Formulas that count what is to be rated and what has been.

A key is sought by MATCH among the keys of the ratings that count: the one function of Excel 2010 that looks up each of
many values without being entered as an array. It does not tell `a` from `A`.
"""

from __future__ import annotations

from workbook_templates.deadline_formulas import BASE_DATE, Counts, Vocabulary, day, earliest, plain
from xingzhi.evaluations import TABLE
from xingzhi.evidence import STOPPED
from xingzhi.requirements import Evaluation, Rating
from xingzhi.spans import Span


def evaluation_counts(span: Span, rule: Evaluation, words: Vocabulary, need: str, done: str) -> Counts:
    """How much is to be rated and has been; `need` and `done` are the cells in which these two formulas stand."""
    limit = day(span.on_time_until) if span.on_time_until else None
    in_time = _rated(rule, words, earliest(BASE_DATE, limit))
    return Counts(
        need="+".join(_wanted(rule, rating, words) for rating in rule.ratings),
        done=_rated(rule, words, BASE_DATE),
        met=f"IF(AND({need}>0,{done}>={need}),1,0)",
        on_time=f"IF({in_time}>={need},1,0)",
    )


def _wanted(rule: Evaluation, rating: Rating, words: Vocabulary) -> str:
    if rating.each == "unit":
        return "1"
    if rating.each == "project":
        return f"SUMPRODUCT({_projects(rule, words)})"
    return f"{len(rating.raters)}*SUMPRODUCT({_persons(rule, words)})"


def _rated(rule: Evaluation, words: Vocabulary, last: str) -> str:
    return "+".join(_rated_of(rule, rating, words, last) for rating in rule.ratings)


def _rated_of(rule: Evaluation, rating: Rating, words: Vocabulary, last: str) -> str:
    when = words.column(TABLE, "rated_on")
    parts = [words.holds(TABLE, "subject", rating.subject), f'({when}<>"")', f"({when}<{last}+1)"]
    if rating.each == "unit":
        return f"N(SUMPRODUCT({'*'.join(parts)})>0)"
    if rating.each == "project":
        code = words.column("projects", "code")
        return f"SUMPRODUCT({_projects(rule, words)}*{_found(code, words.column(TABLE, 'project'), parts)})"
    person, rated = words.column("members", "person"), words.column(TABLE, "person")
    by_rater = [_found(person, rated, [*parts, words.holds(TABLE, "rater", rater)]) for rater in rating.raters]
    return f"SUMPRODUCT({_persons(rule, words)}*({'+'.join(by_rater)}))"


def _found(sought: str, among: str, conditions: list[str]) -> str:
    """True for each text that stands among the others in a row for which the conditions hold."""
    return f'ISNUMBER(MATCH({plain(sought)}&"|1",{plain(among)}&"|"&({"*".join(conditions)}),0))'


def _projects(rule: Evaluation, words: Vocabulary) -> str:
    """1 for each project that is to be rated."""
    code = words.column("projects", "code")
    levels = "+".join(words.holds("projects", "level", level) for level in rule.levels)
    return f'({code}<>"")*(({levels})>0)*NOT({words.holds("projects", "state", STOPPED)})'


def _persons(rule: Evaluation, words: Vocabulary) -> str:
    """1 for the first row of each person who has a counted role, whenever it was held."""
    person = words.column("members", "person")
    roles = [choice.key for choice in words.tables["members"]["role"].choices if choice.key not in rule.not_counted]
    row = f'({person}<>"")*(({"+".join(words.holds("members", "role", role) for role in roles)})>0)'
    key = plain(f'{person}&"|"&({row})')
    return f"{row}*(MATCH({key},{key},0)=ROW({person})-MIN(ROW({person}))+1)"
