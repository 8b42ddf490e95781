"""Places as sources spell them, and what an office calls them: facilities, and countries of birth.

A record keeps what its source said. What it means is looked up when two places are compared and when one is shown, so
that nothing an office changes here changes a record, or tells anybody anything.
"""
