"""Consent beside sessions, and receipts of those who were erased."""

import common.ids
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from common.tenancy.walls import build_wall


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_audit'),
        ('sessions_app', '0010_sealed_values'),
    ]

    operations = [
        migrations.AddField(
            model_name='session',
            name='consent_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='consent at'),
        ),
        migrations.AddField(
            model_name='session',
            name='consent_given',
            field=models.BooleanField(blank=True, null=True, verbose_name='consent given'),
        ),
        migrations.AddField(
            model_name='session',
            name='consent_version',
            field=models.CharField(blank=True, db_default='', default='', max_length=64, verbose_name='text that was consented to'),
        ),
        migrations.AddField(
            model_name='session',
            name='gpc',
            field=models.BooleanField(blank=True, null=True, verbose_name='Global Privacy Control'),
        ),
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.UUIDField(default=common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created at')),
                ('whom', models.CharField(max_length=64, verbose_name='digest of the name')),
                ('sessions', models.PositiveIntegerField(verbose_name='sessions')),
                ('rows', models.JSONField(default=dict, verbose_name='rows')),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization', verbose_name='organization')),
            ],
            options={
                'verbose_name': 'erasure',
                'verbose_name_plural': 'erasures',
                'indexes': [models.Index(fields=['organization', '-id'], name='erasure_newest'), models.Index(fields=['organization', 'whom'], name='erasure_of_whom')],
            },
        ),
        build_wall('sessions_app_erasure'),
    ]
