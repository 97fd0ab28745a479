"""Answers, what a platform says of a session, and kept searches are sealed."""

from django.db import migrations, models

from common.encryption.fields import EncryptedJSONField, EncryptedTextField
from common.encryption.moving import seal_values


class Migration(migrations.Migration):
    dependencies = [
        ("common", "0005_field_keys"),
        ("sessions_app", "0009_row_level_security"),
    ]

    operations = [
        migrations.RenameField("answer", "value", "value_plain"),
        migrations.RenameField("session", "metadata", "metadata_plain"),
        migrations.RenameField("savedview", "query", "query_plain"),
        migrations.AlterField(
            "savedview",
            "query_plain",
            models.CharField(max_length=1000, blank=True, null=True),
        ),
        migrations.AddField(
            "savedview",
            "query",
            EncryptedTextField("filters", max_length=1000, blank=True, null=True),
        ),
        seal_values("sessions_app", "savedview", plain="query_plain", sealed="query"),
        migrations.RemoveField("savedview", "query_plain"),
        migrations.AlterField(
            "session", "metadata_plain", models.JSONField(null=True, default=dict)
        ),
        migrations.AddField(
            "answer",
            "value",
            EncryptedJSONField("value", null=True, bound_to=["session_id", "item"]),
        ),
        migrations.AddField(
            "session",
            "metadata",
            EncryptedJSONField("metadata", null=True, blank=True),
        ),
        seal_values("sessions_app", "answer", plain="value_plain", sealed="value"),
        seal_values(
            "sessions_app", "session", plain="metadata_plain", sealed="metadata"
        ),
        migrations.RemoveField("answer", "value_plain"),
        migrations.RemoveField("session", "metadata_plain"),
    ]
