"""What the pages need to know of the demo."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from accounts.facade import organization_named, publishable_key
from common.errors import NotFoundError
from common.tenancy import scope
from sessions_app.facade import survey_named

# Names in the database, hence not translated.
ORGANIZATION: Final = "Demo"
SURVEY: Final = "Demo survey"


@dataclass(frozen=True, slots=True)
class Demo:
    """Whose the demo survey is, and the key that its pages carry."""

    organization_id: UUID
    survey_id: UUID
    publishable_key: str


@scope.everywhere("demo")
def demo() -> Demo | None:
    """Return the demo, None where it has not been set up."""
    try:
        organization = organization_named(ORGANIZATION)
    except NotFoundError:
        return None
    survey = survey_named(organization_id=organization.id, name=SURVEY)
    key = publishable_key(organization.id)
    if survey is None or key is None or not key.public_text:
        return None
    return Demo(organization.id, survey.id, key.public_text)


@scope.everywhere("demo")
def has_survey(name: str) -> bool:
    """Say whether the demo's organization has a survey of this name."""
    try:
        organization = organization_named(ORGANIZATION)
    except NotFoundError:
        return False
    return survey_named(organization_id=organization.id, name=name) is not None
