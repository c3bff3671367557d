"""The only room that speaks Microsoft: sign-in, Graph, wire types, zones. Stores nothing."""
