"""The Outlook page, and the hand that works at it."""
