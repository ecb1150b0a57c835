"""The only folder that touches the world: journal, read model, mail, files."""
