"""Pages and hooks: HTTP and HTML, forms, guards. No SQL, no Graph."""
