"""What Microsoft holds comes into the cache: windows, pages, candidates, calendars."""
