"""Letters through Lob, who prints and mails them; or any print shop that speaks its API, as `watchword carrier` does.

Sources: Lob's published OpenAPI description and "Using webhooks". Written by them and tried with the carrier alone.
"""
