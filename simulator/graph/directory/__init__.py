"""People, their profiles and the settings of their mailboxes."""
