"""Statements made once do what the ORM does."""

from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.forms import model_to_dict
from django.test.utils import CaptureQueriesContext

from accounts.facade import create_organization
from common.models import OutboxRow
from common.statements import Insert, Lookup, Together, Update
from sessions_app.facade import Session, Survey, create_survey
from sessions_app.services.opening import open_session

pytestmark = [pytest.mark.api, pytest.mark.usefixtures("database")]


@pytest.fixture(params=["db", "transactional_db"])
def database(request: pytest.FixtureRequest) -> None:
    """Within a transaction and without one: PostgreSQL is asked in different ways."""
    request.getfixturevalue(request.param)


TWO = Together(
    Update(
        OutboxRow, ["attempts", "last_error"], if_still=["topic", "organization_id"]
    ),
    Insert(OutboxRow),
    Insert(OutboxRow),
)
FOUND = Lookup[Session](
    lambda organization_id, session_id: Session.objects.select_related("survey").filter(
        organization_id=organization_id, id=session_id
    ),
    related="survey",
)


def opened() -> Session:
    """Return a session that has something in every kind of column."""
    organization_id = create_organization(name="Somebody").id
    survey = create_survey(
        organization_id=organization_id, name="One", families_off=["device"]
    )
    return open_session(
        organization_id=organization_id,
        survey_id=survey.id,
        respondent_id="r-1",
        metadata={"a": [1, None, "ü"]},
    ).session


def test_writes_are_those_of_the_orm() -> None:
    """Defaults included; what is not named stays as it was."""
    owner = uuid4()
    other = OutboxRow.objects.create(topic="before", key="k", organization_id=owner)
    other.attempts, other.last_error, other.topic = 3, "100 % wrong", "not written"
    added = [
        OutboxRow(topic="after", key="%s", organization_id=uuid4()),
        OutboxRow(topic="later", key="ü'\"\\"),
    ]
    assert TWO.run(other, *added, was=["before", owner])
    for row in added:
        stored = OutboxRow.objects.get(id=row.id)
        assert model_to_dict(stored) == model_to_dict(row)
        assert stored.created_at == row.created_at
    other.refresh_from_db()
    assert (other.attempts, other.last_error) == (3, "100 % wrong")
    assert other.topic == "before"


@pytest.mark.parametrize("was", [["before", 1], ["meanwhile", 0]])
def test_changed_row_is_left_alone(was: list[object]) -> None:
    """And nothing is added, whichever of its fields was changed by somebody."""
    row = OutboxRow.objects.create(topic="meanwhile", key="k", attempts=1)
    once = Together(
        Update(OutboxRow, ["last_error"], if_still=["topic", "attempts"]),
        Insert(OutboxRow),
    )
    row.last_error = "late"
    assert not once.run(row, OutboxRow(topic="added", key="k"), was=was)
    stored = OutboxRow.objects.get()
    assert (stored.topic, stored.last_error) == ("meanwhile", "")
    assert once.run(row, OutboxRow(topic="added", key="k"), was=["meanwhile", 1])
    assert OutboxRow.objects.count() == 2


def test_row_that_is_gone_is_left_alone() -> None:
    """Like one that was changed."""
    row = OutboxRow(topic="never stored", key="k", organization_id=uuid4())
    added = [OutboxRow(topic="added", key=key) for key in "ab"]
    assert not TWO.run(row, *added, was=[row.topic, row.organization_id])
    assert not OutboxRow.objects.exists()


def test_postgresql_takes_them_in_one_round_trip() -> None:
    """And SQLite, which knows no writing parts, one by one."""
    row = OutboxRow.objects.create(topic="one", key="k", organization_id=uuid4())
    added = [OutboxRow(topic="two", key="k") for _ in range(2)]
    with CaptureQueriesContext(connection) as queries:
        assert TWO.run(row, *added, was=["one", row.organization_id])
    assert len(queries) == (1 if connection.vendor == "postgresql" else 3)


def test_refused_write_leaves_nothing() -> None:
    """A key that is there already is the database's error, as with the ORM."""
    row = OutboxRow.objects.create(topic="one", key="k", organization_id=uuid4())
    row.attempts = 5
    added = [OutboxRow(topic="new", key="k"), OutboxRow(id=row.id, topic="two")]
    with pytest.raises(IntegrityError), transaction.atomic():
        TWO.run(row, *added, was=["one", row.organization_id])
    assert [(one.topic, one.attempts) for one in OutboxRow.objects.all()] == [
        ("one", 0)
    ]


def test_found_row_is_the_orms() -> None:
    """Every column of both rows, in the same types."""
    session = opened()
    keys = session.organization_id, session.id
    for _again in range(2):
        found = FOUND.first(*keys)
        usual = Session.objects.select_related("survey").get(id=session.id)
        assert found is not None
        for one, other in ((found, usual), (found.survey, usual.survey)):
            for field in type(other)._meta.concrete_fields:
                value = getattr(other, field.attname)
                assert getattr(one, field.attname) == value
                assert type(getattr(one, field.attname)) is type(value)
        assert isinstance(found.survey, Survey)


def test_found_row_can_be_saved() -> None:
    """It is known to be stored: a save changes the row and adds none."""
    session = opened()
    found = FOUND.first(session.organization_id, session.id)
    assert found is not None
    found.batch_count = 7
    found.save(update_fields=["batch_count"])
    assert Session.objects.get().batch_count == 7


@pytest.mark.parametrize("mine", [True, False])
def test_both_keys_count(*, mine: bool) -> None:
    """In the order in which they are asked for."""
    session = opened()
    first = session.organization_id if mine else UUID(int=7)
    second = UUID(int=7) if mine else session.id
    assert FOUND.first(first, second) is None
    assert FOUND.first(session.id, session.organization_id) is None
