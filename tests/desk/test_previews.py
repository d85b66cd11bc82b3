"""A treatment is looked at before it is public: its page, what is missing, and its free times."""

from django.test import Client

from clinic.people.models import User
from clinic.premises.models import Clinic
from tests import factories


def test_page_and_free_times_are_shown_to_the_manager_before_anybody_else_sees_the_treatment(
    client: Client, manager: User, clinic: Clinic
) -> None:
    therapy = factories.make_therapy("greeva-basti", is_active=False, same_gender=True)
    variant = factories.make_variant(therapy)
    client.force_login(manager)
    empty = client.get("/desk/previews/greeva-basti/").context["days"]
    factories.make_step(variant, "treatment", 0, 45, crew={"therapist": 1})
    factories.make_room(clinic)
    factories.make_practitioner(clinic, "Sunita", roles=["therapist"], qualified=[therapy], gender="female")

    page = client.get("/desk/previews/greeva-basti/")

    days = page.context["days"]
    assert (empty, len(days)) == ([], 7)
    assert (days[1].day, days[1].first, days[1].men) == ("Tuesday 3 March", "08:00", 0)
    assert days[1].women == 38
    assert page.context["missing"] == "Patients have nothing to read yet: add a text for patients first."
    assert "Greeva Basti" in page.content.decode()
    assert client.get("/therapies/greeva-basti/").status_code == 404
