"""The business nouns over the database. No Flask, no HTTP. Functions take the session first."""
