"""What a WSGI server serves: `watchword.config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "watchword.config.settings")
application = get_wsgi_application()

from watchword.config.database import join_private_postgres  # noqa: E402 - the settings must be there first

join_private_postgres()
