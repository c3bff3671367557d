"""Microsoft Graph v1.0, as far as a calendar integration needs it.

`routes` is the one door; behind it `access`, `throttle` and `astray` may stop a call, `batch` takes
it apart. Lists of any type: `things`, `filters`, `odata`; change tracking: `tracking`, `tokens`.
"""
