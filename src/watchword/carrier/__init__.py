"""A local post office and phone exchange for trying and testing, outside the system like any carrier.

It speaks what real carriers speak, over sockets: SMTP, SMPP, the Twilio-compatible Messages and Calls API and Lob's
Letters API, with signed webhooks. It imports nothing of the system but `core`, and keeps everything in memory.
docs/reference/carrier.md describes it from outside.

- `server` starts it; `exchange` is its memory; `records` and `behaviours` are what the memory holds
- `postoffice` takes mail; `messages` and `calls` are the provider's API, `printshop` that for letters, `provider` what
  they have in common
- `partners` are other offices' systems, which take pushes
- `centre` is the message centre, which speaks `smpp`
- `texting` is a text on its way; `calling` is a call from ring to end, in which a `conversation` follows `twiml`
  while somebody listens (`listeners`), and the customer is told by `call_reports`
- `tty` is a text telephone, which prints what is played to it
- `webhooks`, `signatures` and `receipts` tell the customer; `faults` misbehave on purpose
- `happenings` is what an open page gets to know
- `control` and `control_post` (JSON, served by `serving`) and `page` (HTML) are for those who try and test
"""
