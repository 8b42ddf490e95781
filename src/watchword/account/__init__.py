"""What a registrant does for themselves, whoever shows it to them: a page, or the phone.

Each is one transaction with its ledger entry. What would cut them off needs a session that is sure
(registrants/coming_back/sessions.py), and their other contacts are told of it.
"""
