"""Macros inside the spreadsheet, written once against xlwings."""
