"""Another place to sign in at: a general provider of OpenID Connect."""
