"""The ledger's rows as versions, the office's values on them, and the numbers given so far."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date

from sync.ledger_store import OPEN, LedgerError, Store, when
from sync.records import LedgerRow, RowKey, Status, Values
from xingzhi.record_numbers import ADDED_RANGE, SYNC_RANGE
from xingzhi.rows import Value, decode, encode


class RowStore(Store):
    """Rows as of any run: a version holds from `run_from` up to, not including, `run_to`."""

    def rows(self, programme: str, unit: str, *, as_of: int | None = None) -> list[LedgerRow]:
        """A unit's rows, withdrawn ones too, by table and record: now, or as they stood after the run `as_of`."""
        where, values = when(as_of)
        return self._rows(f"programme = ? AND unit = ? AND {where}", programme, unit, *values)

    def all_rows(self, programme: str, *, as_of: int | None = None) -> list[LedgerRow]:
        """The rows of every unit, by unit, table and record."""
        where, values = when(as_of)
        return self._rows(f"programme = ? AND {where}", programme, *values)

    def put(self, run: int, row: LedgerRow) -> bool:
        """Write a row as of this run, and tell whether that made a new version.

        A change of values, invalid columns or status does; where the row stands in which file is written over. The
        earliest first receipt is kept.
        """
        self._demand_run()
        place = (row.programme, row.unit, row.table, row.record)
        found = self._read(
            f"SELECT * FROM row_versions WHERE programme = ? AND unit = ? AND tbl = ? AND record = ? AND {OPEN}",
            *place,
        )
        held = _row(found[0]) if found else None
        first = _earliest(row.first_received, held.first_received if held else None)
        content = (encode(row.values), row.status.value, _names(row.invalid))
        provenance = (row.file, row.sheet, row.number, _object(row.cells), first.isoformat() if first else None)
        same = bool(found) and content == (found[0]["values"], found[0]["status"], found[0]["invalid"])
        if found and (same or found[0]["run_from"] == run):
            self._write(
                """UPDATE row_versions SET "values" = ?, status = ?, invalid = ?,
                    file = ?, sheet = ?, number = ?, cells = ?, first_received = ?
                WHERE programme = ? AND unit = ? AND tbl = ? AND record = ? AND run_from = ?""",
                *content,
                *provenance,
                *place,
                found[0]["run_from"],
            )
            return not same
        if found:
            self._write(
                f"""UPDATE row_versions SET run_to = ?
                WHERE programme = ? AND unit = ? AND tbl = ? AND record = ? AND {OPEN}""",
                run,
                *place,
            )
        self._write(
            """INSERT INTO row_versions (programme, unit, tbl, record, run_from, "values", status, invalid,
                file, sheet, number, cells, first_received) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            *place,
            run,
            *content,
            *provenance,
        )
        return True

    def drop(self, run: int, row: LedgerRow) -> None:
        """From this run on there is no such row, as if it had never come: its number stays taken, its versions stay."""
        where = "programme = ? AND unit = ? AND tbl = ? AND record = ?"
        place = (row.programme, row.unit, row.table, row.record)
        self._write(f"DELETE FROM row_versions WHERE {where} AND run_from = ?", *place, run)
        self._write(f"UPDATE row_versions SET run_to = ? WHERE {where} AND {OPEN}", run, *place)

    def written_units(self, programme: str) -> list[str]:
        """Every unit of which the ledger holds, or ever held, a row or a word."""
        tables = ("row_versions", "office_values", "explanations")
        parts = " UNION ".join(f"SELECT unit FROM {table} WHERE programme = ?" for table in tables)
        return [line["unit"] for line in self._read(f"{parts} ORDER BY unit", *[programme] * len(tables))]

    def receipts(self, programme: str, unit: str) -> dict[str, date]:
        """When each record first came in, by record number; one that never came from the unit has none."""
        return {row.record: row.first_received for row in self.rows(programme, unit) if row.first_received}

    def office_values(self, programme: str, unit: str, *, as_of: int | None = None) -> dict[RowKey, dict[str, Value]]:
        """What the office wrote on a unit's rows, now or after a run: `{(table, record): {column: value}}`."""
        where, values = when(as_of)
        found: dict[RowKey, dict[str, Value]] = {}
        for line in self._read(
            f"SELECT * FROM office_values WHERE programme = ? AND unit = ? AND {where}", programme, unit, *values
        ):
            found.setdefault((line["tbl"], line["record"]), {})[line["column"]] = decode(line["value"])["value"]
        return found

    def replace_office_values(self, run: int, programme: str, unit: str, values: Mapping[RowKey, Values]) -> None:
        """Make these the office's values on the unit's rows as of this run: what is not among them was cleared."""
        self._demand_run()
        held = {
            (*key, column): encode({"value": value})
            for key, row in self.office_values(programme, unit).items()
            for column, value in row.items()
        }
        wanted = {
            (*key, column): encode({"value": value})
            for key, row in values.items()
            for column, value in row.items()
            if value not in (None, "", ())
        }
        where = 'programme = ? AND unit = ? AND tbl = ? AND record = ? AND "column" = ?'
        for place, value in held.items():
            if wanted.get(place) != value:
                # A value that this run wrote and changed again leaves no version behind.
                self._write(f"DELETE FROM office_values WHERE {where} AND run_from = ?", programme, unit, *place, run)
                self._write(
                    f"UPDATE office_values SET run_to = ? WHERE {where} AND {OPEN}", run, programme, unit, *place
                )
        self._write_all(
            'INSERT INTO office_values (programme, unit, tbl, record, "column", run_from, value)'
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(programme, unit, *place, run, value) for place, value in wanted.items() if held.get(place) != value],
        )

    def has_record(self, programme: str, unit: str, tbl: str, record: str) -> bool:
        """Whether a row ever bore this number."""
        where = "programme = ? AND unit = ? AND tbl = ? AND record = ?"
        return bool(self._read(f"SELECT 1 FROM row_versions WHERE {where} LIMIT 1", programme, unit, tbl, record))

    def next_serial(self, programme: str, unit: str, tbl: str) -> int:
        """A serial that was never used: `SYNC_RANGE` and up. Numbers that sync gave are never given again."""
        found = self._serials(programme, unit, tbl)
        serial = max(found[1], SYNC_RANGE - 1) + 1
        self._set_serials(programme, unit, tbl, found[0], serial)
        return serial

    def set_issued_serial(self, programme: str, unit: str, tbl: str, issued: int) -> None:
        """Note that numbers up to this serial were printed. LedgerError where they would reach those that macros give."""
        if issued >= ADDED_RANGE:
            raise LedgerError("refusal.numbers_used_up", unit=unit, table=tbl, issued=issued, limit=ADDED_RANGE - 1)
        found = self._serials(programme, unit, tbl)
        self._set_serials(programme, unit, tbl, max(found[0], issued), found[1])

    def issued_serial(self, programme: str, unit: str, tbl: str) -> int:
        """The highest serial that was ever printed into a workbook of the unit; 0 before the first."""
        return self._serials(programme, unit, tbl)[0]

    def issued_serials(self, programme: str, unit: str) -> dict[str, int]:
        """The highest printed serial of each table that was ever printed for the unit, by table key."""
        found = self._read("SELECT tbl, issued FROM serials WHERE programme = ? AND unit = ?", programme, unit)
        return {line["tbl"]: line["issued"] for line in found if line["issued"]}

    def _serials(self, programme: str, unit: str, tbl: str) -> tuple[int, int]:
        found = self._read(
            "SELECT issued, last FROM serials WHERE programme = ? AND unit = ? AND tbl = ?", programme, unit, tbl
        )
        return (found[0]["issued"], found[0]["last"]) if found else (0, 0)

    def _set_serials(self, programme: str, unit: str, tbl: str, issued: int, last: int) -> None:
        self._write("INSERT OR REPLACE INTO serials VALUES (?, ?, ?, ?, ?)", programme, unit, tbl, issued, last)

    def _rows(self, where: str, *values: object) -> list[LedgerRow]:
        return [
            _row(line)
            for line in self._read(f"SELECT * FROM row_versions WHERE {where} ORDER BY unit, tbl, record", *values)
        ]


def _row(line: sqlite3.Row) -> LedgerRow:
    return LedgerRow(
        programme=line["programme"],
        unit=line["unit"],
        table=line["tbl"],
        record=line["record"],
        values=decode(line["values"]),
        status=Status(line["status"]),
        file=line["file"],
        sheet=line["sheet"],
        number=line["number"],
        cells=json.loads(line["cells"]),
        invalid=frozenset(json.loads(line["invalid"])),
        first_received=date.fromisoformat(line["first_received"]) if line["first_received"] else None,
    )


def _earliest(*days: date | None) -> date | None:
    return min((day for day in days if day), default=None)


def _names(names: Iterable[str]) -> str:
    return json.dumps(sorted(names), ensure_ascii=False)


def _object(items: Mapping[str, str]) -> str:
    return json.dumps(dict(items), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
