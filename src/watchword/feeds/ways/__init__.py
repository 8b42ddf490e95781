"""The ways that rosters come in besides the command line: a watched folder, SFTP, HTTP. One module each, of one shape.

`fetch(way, credential, mark)` gives what is new there as `Arrival`s, each opened only when it is its turn, and changes
nothing of ours. visiting.py decides when, keeps what came, and remembers its mark in the same transaction, so that a
killed visit is simply made again. What sources send by themselves comes through api/sources.py.
"""
