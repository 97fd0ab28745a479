"""How long an organization keeps what, where it is not the installation's time."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_audit'),
    ]

    operations = [
        migrations.AddField(
            model_name='organization',
            name='behaviour_kept_days',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='events are kept for, days'),
        ),
        migrations.AddField(
            model_name='organization',
            name='results_kept_days',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='verdicts are kept for, days'),
        ),
        migrations.AddField(
            model_name='organization',
            name='sessions_kept_days',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='sessions and answers are kept for, days'),
        ),
    ]
