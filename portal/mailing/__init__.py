"""Mail: what people are told, when, and through which server."""
