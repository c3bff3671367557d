"""The engine: windows, pull, push, judge, round; access to a mailbox; what a page may ask live."""
