"""Where commands run beside Excel: the file host, an engine of xlwings over a file."""
