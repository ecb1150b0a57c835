"""The engine measured beside the leanest hand-written Temporal workflow. Run with `make bench`."""
