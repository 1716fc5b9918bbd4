"""Files: read any workbook into a grid safely; write without loss."""
