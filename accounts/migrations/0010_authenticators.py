"""Secrets of authenticators are sealed, and leave the table where they were plain."""

import accounts.authenticators
import common.encryption.fields
import common.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


MOVED = (
    *('user_id', 'name', 'confirmed', 'drift', 'last_t', 'created_at', 'last_used_at'),
    *('throttling_failure_timestamp', 'throttling_failure_count'),
)


def seal(apps, editor):
    """Move every device into the table whose secrets are sealed."""
    move(apps, ('otp_totp', 'TOTPDevice'), ('accounts', 'Authenticator'), 'key', 'secret')


def unseal(apps, editor):
    """Move every device back."""
    move(apps, ('accounts', 'Authenticator'), ('otp_totp', 'TOTPDevice'), 'secret', 'key')


def move(apps, source, target, of, to):
    old, new = apps.get_model(*source), apps.get_model(*target)
    for row in old.objects.iterator():
        values = {name: getattr(row, name) for name in MOVED}
        made = new.objects.create(**values, **{to: getattr(row, of)})
        # The column of the library's fills itself in.
        new.objects.filter(pk=made.pk).update(created_at=row.created_at)
    old.objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_retention'),
        ('otp_totp', '0003_add_timestamps'),
    ]

    operations = [
        migrations.CreateModel(
            name='Authenticator',
            fields=[
                ('name', models.CharField(help_text='The human-readable name of this device.', max_length=64)),
                ('confirmed', models.BooleanField(default=True, help_text='Is this device ready for use?')),
                ('throttling_failure_timestamp', models.DateTimeField(blank=True, default=None, help_text='A timestamp of the last failed verification attempt. Null if last attempt succeeded.', null=True)),
                ('throttling_failure_count', models.PositiveIntegerField(default=0, help_text='Number of successive failed attempts.')),
                ('created_at', models.DateTimeField(auto_now_add=True, help_text='The date and time when this device was initially created in the system.', null=True)),
                ('last_used_at', models.DateTimeField(blank=True, help_text='The most recent date and time this device was used.', null=True)),
                ('id', models.UUIDField(default=common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('secret', common.encryption.fields.EncryptedTextField(default=accounts.authenticators.new_secret, editable=False, verbose_name='secret')),
                ('drift', models.SmallIntegerField(default=0, verbose_name='drift, steps')),
                ('last_t', models.BigIntegerField(default=-1, verbose_name='last step')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'authenticator',
                'verbose_name_plural': 'authenticators',
            },
        ),
        migrations.RunPython(seal, unseal),
    ]
