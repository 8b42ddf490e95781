"""Email by SMTP, to whichever mail server the office uses."""
