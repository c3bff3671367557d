"""Where a join link comes from: the account's link template; recognising foreign links."""
