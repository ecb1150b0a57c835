"""Forms that come by e-mail: read once, checked like uploads, laid into a tray for a person, answered once."""
