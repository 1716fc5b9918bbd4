"""The macros: one module a command, each written once for every host."""
