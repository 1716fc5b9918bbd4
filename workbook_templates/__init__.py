"""What a workbook is: its tables and columns, the programmes' rules, and the builders."""
