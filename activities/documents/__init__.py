"""Documents that people print, sign and file: one structure, written as DOCX and as PDF."""
