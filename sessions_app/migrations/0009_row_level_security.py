"""Walls between organizations, and foreign keys that do not walk through them.

Builds indexes and checks every row once; who writes waits meanwhile. The release before
knows nothing of walls and sees no rows behind them: stop it first.
"""

from django.db import migrations

from common.tenancy.walls import BindToOrganization, OnPostgres, build_wall

TABLES = [
    'sessions_app_survey',
    'sessions_app_respondent',
    'sessions_app_session',
    'sessions_app_sessiontag',
    'sessions_app_behaviordata',
    'sessions_app_answer',
    'sessions_app_tally',
]
# Foreign keys need a unique index. Those of lists have these columns already: the same
# index under the same name, but unique, so a row has no index more than before.
UNIQUE = """
DROP INDEX session_newest;
CREATE UNIQUE INDEX session_newest ON sessions_app_session (organization_id, id DESC)
    INCLUDE (status, verdict);
DROP INDEX survey_newest;
CREATE UNIQUE INDEX survey_newest ON sessions_app_survey (organization_id, id DESC);
CREATE UNIQUE INDEX respondent_of_organization
    ON sessions_app_respondent (organization_id, id);
"""
NOT_UNIQUE = """
DROP INDEX respondent_of_organization;
DROP INDEX survey_newest;
CREATE INDEX survey_newest ON sessions_app_survey (organization_id, id DESC);
DROP INDEX session_newest;
CREATE INDEX session_newest ON sessions_app_session (organization_id, id DESC)
    INCLUDE (status, verdict);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('sessions_app', '0008_tally_counts'),
        ('accounts', '0006_row_level_security'),
        ('detection', '0002_network_list_and_agent_key'),
    ]

    operations = [
        OnPostgres(UNIQUE, NOT_UNIQUE),
        BindToOrganization('sessions_app_session', 'survey_id', 'sessions_app_survey'),
        BindToOrganization(
            'sessions_app_session', 'respondent_id', 'sessions_app_respondent'
        ),
        BindToOrganization(
            'sessions_app_sessiontag', 'session_id', 'sessions_app_session'
        ),
        BindToOrganization(
            'sessions_app_behaviordata', 'session_id', 'sessions_app_session'
        ),
        BindToOrganization('sessions_app_answer', 'session_id', 'sessions_app_session'),
        BindToOrganization('sessions_app_tally', 'survey_id', 'sessions_app_survey'),
        *[build_wall(table) for table in TABLES],
    ]
