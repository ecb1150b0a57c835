"""Reports as files: spreadsheets and documents of what other modules have read."""
