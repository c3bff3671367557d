"""Microsoft Entra ID v2.0: sign-in, consent, tokens, keys.

In the browser: `authorize` (its request in `asking`, its steps in `sign_in`), `admin_consent`,
`sign_out`. For applications: `token`, with `clients` and `assertion`, and `userinfo`. What is
handed out and remembered: `grants`, `sessions`, `consents`, `keys`. What it refuses: `policy`,
`errors`, with every number in `aadsts`. `admin` is what administrators do.
"""
