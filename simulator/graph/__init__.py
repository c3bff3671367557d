"""Microsoft Graph v1.0, as far as a calendar integration needs it."""
