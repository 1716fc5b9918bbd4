"""What units say of their findings, as versions: one holds from `run_from` up to, not including, `run_to`."""

from __future__ import annotations

from sync.ledger_store import Store, when


class ExplanationStore(Store):
    """Explanations (单位说明) by the keys of the findings."""

    def explanations(self, programme: str, unit: str, *, as_of: int | None = None) -> dict[str, str]:
        """A unit's explanations by finding key, now or as they stood after the run `as_of`."""
        where, values = when(as_of)
        found = self._read(
            f"SELECT finding, text FROM explanations WHERE programme = ? AND unit = ? AND {where} ORDER BY finding",
            programme,
            unit,
            *values,
        )
        return {line["finding"]: line["text"] for line in found}

    def put_explanation(self, run: int, programme: str, unit: str, finding: str, text: str, file: str) -> None:
        """Make this the unit's word on a finding as of this run; an empty text takes the word back."""
        where, place = "programme = ? AND unit = ? AND finding = ?", (programme, unit, finding)
        # A word that this run wrote and changed again leaves no version behind.
        self._write(f"DELETE FROM explanations WHERE {where} AND run_from = ?", *place, run)
        self._write(f"UPDATE explanations SET run_to = ? WHERE {where} AND run_to IS NULL", run, *place)
        if text:
            self._write(
                "INSERT INTO explanations (programme, unit, finding, run_from, text, file) VALUES (?, ?, ?, ?, ?, ?)",
                *place,
                run,
                text,
                file,
            )
