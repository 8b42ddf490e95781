"""Texts over an SMPP 3.4 bind at a carrier's message centre.

`pdu` and `encoding` are the protocol's bytes (with smpp34's codec), `window` and `session` one bind, `places` how many
binds there may be, `client` the provider that keeps one, `webhook` what the centre tells us over it.
Sections named here are those of "Short Message Peer to Peer Protocol Specification v3.4", issue 1.2.
"""
