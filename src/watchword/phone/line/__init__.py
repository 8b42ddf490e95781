"""The office's own line, which anybody may call: `steps` has the menu, `answering` speaks it.

Each answer of ours is a document that asks one thing; the carrier comes back with what was pressed, to the address of
the step that asked. What the call must remember in between stands in that address, sealed (`kept`).
"""
