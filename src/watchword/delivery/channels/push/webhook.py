"""Nothing: an endpoint's answer to the push is all that it reports.

That a person there has told the registrant is a confirmation, not a receipt, and goes the way of all confirmations, by
the address that came with the push (watchword.api.push).
"""
