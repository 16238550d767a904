"""
The Recraft API, as far as this project speaks it: facts, descriptions, errors and one client.

No Django and no database: standard library and httpx only, so that this room could be lifted out unchanged.
"""
