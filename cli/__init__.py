"""The `xingzhi` command: parses, calls, prints."""
