"""The product under load: its database, its sessions, and what they take."""

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Final, Self
from uuid import UUID

from .server import ROOT

PRODUCT: Final = "config.settings.production"
BYTES: Final = """
SELECT sum(event_count), sum(pg_column_size(columns)), sum(pg_column_size(batch.*)),
  (SELECT sum(pg_total_relation_size(relid))
   FROM pg_partition_tree('sessions_app_behaviordata')),
  (SELECT sum(pg_total_relation_size(relid))
   FROM pg_partition_tree('detection_detectionresult'))
FROM sessions_app_behaviordata AS batch
"""
RIVALS: Final = "benchmarks.serving.settings"


@dataclass(frozen=True, slots=True)
class Product:
    """An organization with a survey, in a migrated database."""

    organization_id: UUID
    survey_id: UUID

    @classmethod
    def set_up(cls) -> Self:
        """Migrate the database that the environment names, for product and rivals."""
        for settings, more in (
            (PRODUCT, ()),
            (RIVALS, ("--run-syncdb",)),
        ):
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "--verbosity=0", *more],
                cwd=ROOT,
                env=os.environ | {"DJANGO_SETTINGS_MODULE": settings},
                check=True,
            )
        os.environ["DJANGO_SETTINGS_MODULE"] = PRODUCT
        import django  # noqa: PLC0415 - after the settings are chosen

        django.setup()
        from accounts.facade import create_organization  # noqa: PLC0415
        from sessions_app.facade import create_survey  # noqa: PLC0415

        organization_id = create_organization(name="Benchmark").id
        survey = create_survey(organization_id=organization_id, name="Benchmark")
        return cls(organization_id, survey.id)

    def open_session(self) -> tuple[UUID, str]:
        """Return a new session's id and token."""
        from sessions_app.services.opening import open_session  # noqa: PLC0415

        opened = open_session(
            organization_id=self.organization_id, survey_id=self.survey_id
        )
        return opened.session.id, opened.token

    def stored(self) -> str:
        """Say how many bytes an event takes in the database."""
        from django.db import connection  # noqa: PLC0415

        with connection.cursor() as cursor:
            cursor.execute(BYTES)
            events, columns, rows, table, results = map(float, cursor.fetchone() or ())
        return (
            f"Stored: {columns / events:.1f} bytes an event in columns (goal: at most"
            f" 6), {rows / events:.1f} with their row, {table / events:.1f} with pages"
            f" and indexes; its result takes another {results / events:.1f}."
        )
