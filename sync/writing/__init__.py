"""What waits in the outbox goes to Microsoft."""
