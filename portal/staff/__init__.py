"""Staff: the people of the organisation, their groups, and what is done for one of them."""
