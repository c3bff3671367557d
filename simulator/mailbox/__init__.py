"""What Exchange keeps: calendars, events, series and the log of their changes."""
