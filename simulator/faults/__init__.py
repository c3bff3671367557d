"""What may go wrong: switches that stay, and strikes that are used up."""
