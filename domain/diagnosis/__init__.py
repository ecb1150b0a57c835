"""Why something stands still: facts about the machine and a stream, and the causes that they are recognised by."""
