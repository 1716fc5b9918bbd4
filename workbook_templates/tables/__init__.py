"""One module a table: the only place where its columns are declared."""
