"""What a file really is and whether it may come in. Reads content only, never trusts a name; writes nothing."""
