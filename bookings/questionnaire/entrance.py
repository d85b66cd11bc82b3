"""Where a questionnaire is answered."""

from dataclasses import dataclass
from urllib.parse import urlencode

from clinic.people.models import User


@dataclass(frozen=True)
class Entrance:
    """Addresses of the pages and of the outcome, the frame around them, and who answers.

    `by`: none where a letter's link was opened. `after`: where clear answers lead (an address of ours, or nothing).
    `home_url`: where else to go from the outcome. `is_aloud`: staff read the questions to the patient.
    `wrong_answer_url`: where somebody posts that an answer was pressed by mistake. `held`: what the frame shows of the
    time that is held meanwhile.
    """

    pages: str
    outcome: str
    frame: str
    by: User | None
    after: str = ""
    home_url: str = ""
    home_label: str = ""
    is_aloud: bool = False
    wrong_answer_url: str = ""
    held: object = None

    def page(self, number: int) -> str:
        """The address of a page, counted from one."""
        return self._address(self.pages, page=number)

    @property
    def start(self) -> str:
        """The address of the first page."""
        return self.page(1)

    @property
    def end(self) -> str:
        """The address of the outcome."""
        return self._address(self.outcome)

    def _address(self, path: str, **said: object) -> str:
        query = {name: value for name, value in {**said, "next": self.after}.items() if value}
        return f"{path}?{urlencode(query)}" if query else path
