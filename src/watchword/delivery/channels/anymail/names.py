"""The providers that django-anymail can send through and reads receipts of, by its own names of them.

Apart from the client, so that a process that sends no mail need not load anymail.
"""

ESPS = (
    "amazon_ses",
    "brevo",
    "mailersend",
    "mailgun",
    "mailjet",
    "mailtrap",
    "mandrill",
    "postal",
    "postmark",
    "resend",
    "sparkpost",
    "unisender_go",
)
