"""Asking to be told: the request, the right to know, and the office's answer.

Nothing that a stranger can do here says whether a person is in custody, a contact is known or a request exists: a
request is written down the same way whatever it asks for, and looked at afterwards.
"""
