"""A wall around results; they name sessions of their own organization alone."""

from django.db import migrations

from common.tenancy.walls import BindToOrganization, build_wall


class Migration(migrations.Migration):

    dependencies = [
        ('detection', '0002_network_list_and_agent_key'),
        # It makes sessions' ids unique within their organization.
        ('sessions_app', '0009_row_level_security'),
    ]

    operations = [
        BindToOrganization(
            'detection_detectionresult', 'session_id', 'sessions_app_session'
        ),
        build_wall('detection_detectionresult'),
    ]
