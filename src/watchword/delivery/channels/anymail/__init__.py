"""Email through a provider's HTTP API (Postmark, Amazon SES, Mailgun, Brevo, ...), whichever django-anymail knows."""
