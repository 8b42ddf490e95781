"""Which providers this installation uses."""

from django.conf import settings

from watchword.delivery.channels import Provider
from watchword.delivery.channels.smtp.client import SmtpProvider
from watchword.delivery.channels.twilio.client import TwilioProvider


def providers() -> list[Provider]:
    """The providers of all channels, made from the settings; each channel has exactly one."""
    environment = settings.WATCHWORD
    return [
        TwilioProvider(
            base_url=environment.carrier_url,
            account=environment.carrier_account,
            token=environment.carrier_token,
            text_from=environment.text_from,
            voice_from=environment.voice_from,
            slots=environment.provider_concurrency,
            timeout_seconds=environment.provider_timeout_seconds,
        ),
        SmtpProvider(
            url=environment.smtp_url,
            sender=environment.mail_from,
            slots=environment.smtp_connections,
            timeout_seconds=environment.provider_timeout_seconds,
        ),
    ]
