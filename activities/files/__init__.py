"""Files that people send: received, checked, kept under the digest of their content."""
