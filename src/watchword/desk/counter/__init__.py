"""The counter: federal immigration requests, what the law says of each, and what two persons decided.

`law` answers; here are the papers, the facts with where each conviction is known from, the decisions and their
deadlines. Status and citizenship are never asked: no rule needs them, and notes that say them are refused.
"""
