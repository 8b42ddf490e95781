"""Harbor County: an invented office, those it holds and those who asked to be told, played from start to end.

Only `cli` imports it. Nobody here exists.
"""
