"""One module a command. Heavy imports stand inside the functions: `xingzhi --help` loads no spreadsheet library."""
