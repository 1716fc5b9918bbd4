"""Checks in phases: columns, rows, tables, the book, the programme's requirements."""
