"""Addresses of people are sealed; a blind index finds them."""

from django.db import migrations, models

from common.encryption.blind_index import BlindIndexField
from common.encryption.fields import EncryptedEmailField
from common.encryption.moving import seal_values


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_row_level_security"),
        ("common", "0005_field_keys"),
    ]

    operations = [
        migrations.RenameField("invitation", "email", "email_plain"),
        migrations.RenameField("user", "email", "email_plain"),
        migrations.AlterField(
            "invitation", "email_plain", models.EmailField(max_length=254, null=True)
        ),
        migrations.AlterField(
            "user", "email_plain", models.EmailField(max_length=254, null=True)
        ),
        migrations.AddField(
            "invitation",
            "email",
            EncryptedEmailField("email address", max_length=254, null=True),
        ),
        migrations.AddField(
            "user",
            "email",
            EncryptedEmailField("email address", max_length=254, null=True, blank=True),
        ),
        migrations.AddField("invitation", "email_index", BlindIndexField(of="email")),
        migrations.AddField("user", "email_index", BlindIndexField(of="email")),
        seal_values(
            "accounts",
            "invitation",
            plain="email_plain",
            sealed="email",
            indexes=["email_index"],
        ),
        seal_values(
            "accounts",
            "user",
            plain="email_plain",
            sealed="email",
            indexes=["email_index"],
        ),
        migrations.RemoveField("invitation", "email_plain"),
        migrations.RemoveField("user", "email_plain"),
        migrations.AlterField(
            "user", "email_index", BlindIndexField(of="email", db_index=True)
        ),
    ]
