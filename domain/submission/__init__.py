"""The rules of a submission: one respondent's form on its way to acceptance."""
