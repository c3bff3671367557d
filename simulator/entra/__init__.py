"""Microsoft Entra ID v2.0: sign-in, consent, tokens, keys."""
