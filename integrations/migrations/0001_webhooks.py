"""Endpoints, messages, deliveries and attempts, each within its organization."""

import common.encryption.fields
import common.ids
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from common.tenancy.walls import BindToOrganization, build_wall

TABLES = [
    'integrations_webhookendpoint',
    'integrations_webhookmessage',
    'integrations_webhookdelivery',
    'integrations_webhookattempt',
]


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0006_row_level_security'),
        ('common', '0005_field_keys'),
    ]

    operations = [
        migrations.CreateModel(
            name='WebhookEndpoint',
            fields=[
                ('id', models.UUIDField(default=common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created at')),
                ('url', models.CharField(max_length=500, verbose_name='URL')),
                ('description', models.CharField(blank=True, max_length=200, verbose_name='description')),
                ('event_types', models.JSONField(default=list, verbose_name='events')),
                ('secrets', common.encryption.fields.EncryptedJSONField(default=list, editable=False, verbose_name='secrets')),
                ('disabled_at', models.DateTimeField(blank=True, null=True, verbose_name='disabled at')),
                ('disabled_reason', models.CharField(blank=True, choices=[('by_hand', 'Somebody disabled it.'), ('gone', 'It answered 410: it does not want to hear of us any more.'), ('failing', 'Nothing arrived there for five days.')], max_length=10, verbose_name='why it is disabled')),
                ('failures', models.PositiveIntegerField(default=0, verbose_name='failures in a row')),
                ('times_opened', models.PositiveIntegerField(default=0, editable=False)),
                ('open_until', models.DateTimeField(blank=True, null=True, verbose_name='left alone until')),
                ('failing_since', models.DateTimeField(blank=True, null=True, verbose_name='failing since')),
                ('last_success_at', models.DateTimeField(blank=True, null=True, verbose_name='last success')),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization', verbose_name='organization')),
            ],
            options={
                'verbose_name': 'webhook endpoint',
                'verbose_name_plural': 'webhook endpoints',
            },
        ),
        migrations.CreateModel(
            name='WebhookDelivery',
            fields=[
                ('id', models.UUIDField(default=common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created at')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('succeeded', 'Succeeded'), ('failed', 'Failed'), ('exhausted', 'Given up')], default='waiting', max_length=9, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('next_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='next attempt at')),
                ('sending_until', models.DateTimeField(editable=False, null=True)),
                ('handed_until', models.DateTimeField(editable=False, null=True)),
                ('succeeded_at', models.DateTimeField(blank=True, null=True, verbose_name='arrived at')),
                ('status_code', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='status code')),
                ('error', models.CharField(blank=True, max_length=40, verbose_name='error')),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization', verbose_name='organization')),
                ('endpoint', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='integrations.webhookendpoint', verbose_name='endpoint')),
            ],
            options={
                'verbose_name': 'webhook delivery',
                'verbose_name_plural': 'webhook deliveries',
            },
        ),
        migrations.CreateModel(
            name='WebhookAttempt',
            fields=[
                ('id', models.UUIDField(default=common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created at')),
                ('number', models.PositiveSmallIntegerField(verbose_name='attempt')),
                ('status_code', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='status code')),
                ('error', models.CharField(blank=True, max_length=40, verbose_name='error')),
                ('duration_ms', models.PositiveIntegerField(verbose_name='took, ms')),
                ('response_start', models.CharField(blank=True, max_length=500, verbose_name='answer')),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization', verbose_name='organization')),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='log', to='integrations.webhookdelivery', verbose_name='delivery')),
                ('endpoint', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='integrations.webhookendpoint')),
            ],
            options={
                'verbose_name': 'webhook attempt',
                'verbose_name_plural': 'webhook attempts',
            },
        ),
        migrations.CreateModel(
            name='WebhookMessage',
            fields=[
                ('id', models.UUIDField(default=common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created at')),
                ('type', models.CharField(choices=[('session.completed', 'A session was completed'), ('verdict.final', 'A session got its last verdict'), ('test.ping', 'Somebody sent a test')], max_length=40, verbose_name='event')),
                ('subject_id', models.UUIDField(verbose_name='about')),
                ('payload', models.TextField(verbose_name='payload')),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization', verbose_name='organization')),
            ],
            options={
                'verbose_name': 'webhook message',
                'verbose_name_plural': 'webhook messages',
            },
        ),
        migrations.AddField(
            model_name='webhookdelivery',
            name='message',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='integrations.webhookmessage', verbose_name='message'),
        ),
        migrations.AddConstraint(
            model_name='webhookendpoint',
            constraint=models.UniqueConstraint(fields=('organization', 'id'), name='integrations_endpoint_of_organization'),
        ),
        migrations.AddConstraint(
            model_name='webhookendpoint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('disabled_at', None), ('disabled_reason', '')), models.Q(('disabled_at__isnull', False), ('disabled_reason__in', ['by_hand', 'gone', 'failing'])), _connector='OR'), name='integrations_disabled_endpoint_says_why'),
        ),
        migrations.AddIndex(
            model_name='webhookattempt',
            index=models.Index(fields=['endpoint', 'created_at'], name='webhook_attempt_of_endpoint'),
        ),
        migrations.AddIndex(
            model_name='webhookmessage',
            index=models.Index(fields=['created_at'], name='webhook_message_created_at'),
        ),
        migrations.AddConstraint(
            model_name='webhookmessage',
            constraint=models.UniqueConstraint(fields=('organization', 'type', 'subject_id'), name='integrations_one_message_per_event'),
        ),
        migrations.AddConstraint(
            model_name='webhookmessage',
            constraint=models.UniqueConstraint(fields=('organization', 'id'), name='integrations_message_of_organization'),
        ),
        migrations.AddIndex(
            model_name='webhookdelivery',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['endpoint', 'next_at'], name='webhook_delivery_due'),
        ),
        migrations.AddIndex(
            model_name='webhookdelivery',
            index=models.Index(condition=models.Q(('sending_until__isnull', False)), fields=['endpoint', 'sending_until'], name='webhook_delivery_sending'),
        ),
        migrations.AddIndex(
            model_name='webhookdelivery',
            index=models.Index(fields=['endpoint', '-id'], name='webhook_delivery_newest'),
        ),
        migrations.AddConstraint(
            model_name='webhookdelivery',
            constraint=models.UniqueConstraint(fields=('endpoint', 'message'), name='integrations_one_delivery_per_endpoint_and_message'),
        ),
        migrations.AddConstraint(
            model_name='webhookdelivery',
            constraint=models.UniqueConstraint(fields=('organization', 'id'), name='integrations_delivery_of_organization'),
        ),
        migrations.AddConstraint(
            model_name='webhookdelivery',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'succeeded', 'failed', 'exhausted'])), name='integrations_delivery_is_in_a_known_state'),
        ),
        BindToOrganization(
            'integrations_webhookdelivery', 'endpoint_id', 'integrations_webhookendpoint'
        ),
        BindToOrganization(
            'integrations_webhookdelivery', 'message_id', 'integrations_webhookmessage'
        ),
        BindToOrganization(
            'integrations_webhookattempt', 'endpoint_id', 'integrations_webhookendpoint'
        ),
        BindToOrganization(
            'integrations_webhookattempt', 'delivery_id', 'integrations_webhookdelivery'
        ),
        *[build_wall(table) for table in TABLES],
    ]
