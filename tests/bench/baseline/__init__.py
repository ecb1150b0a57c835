"""The yardstick: one workflow per programme year that takes each step as an update; the engine never imports it."""
