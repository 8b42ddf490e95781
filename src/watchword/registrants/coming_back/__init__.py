"""How a registrant comes back to their own page: by number and PIN (sign_in.py), or by a one-time link to a contact.

What follows is a short session, kept here and not in the browser.
"""
