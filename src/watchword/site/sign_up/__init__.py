"""Signing up, one question a page.

Until the last question is answered nothing is kept: what was answered travels, encrypted, in the page itself (`draft`),
so a shared computer's browser has no cookie, no address and no store that it could be read from afterwards, and our
database has nothing of those who turned back (docs/decisions/). `steps` are the questions in their order, `taking`
makes one request of the answers and sends the codes, `views` is the one address of it all.
"""
