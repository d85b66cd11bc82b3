"""What waits for whom."""
from clinic.people.models import User
from tests.desk.conftest import Enter


def test_empty_list_says_so(enter: Enter, front_desk: User) -> None:
    assert "Nothing waits for you" in enter(front_desk).get("/desk/todo/").content.decode()
