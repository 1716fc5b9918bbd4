"""The domain: columns, rows, findings, requirements, deadlines. No spreadsheet library, no network."""
