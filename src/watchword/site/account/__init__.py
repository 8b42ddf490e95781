"""A registrant's own pages: what they were told, how they are reached, and how it all ends.

`door` lets in and out, `signed_in` knows who is there, the others show and change. Every change is made by
`watchword.account` or the room that it belongs to; here are words and forms alone.
"""
