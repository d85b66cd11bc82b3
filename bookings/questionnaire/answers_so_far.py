"""What was answered so far, in the browser's session on the server, until it is sent off; then it is dropped."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from therapies import questionnaire
from therapies.suitability import Asked

from .forms import LONGEST, PageForm

IN_SESSION = "answers"
ROOM = LONGEST + 100
"""Letters of one field that are kept: more than is allowed, so that the mistake can still be said."""


@dataclass(frozen=True)
class AnswersSoFar:
    """`said` as posted, by field; `seen` the versions of the questions on pages that were filled in rightly."""

    said: dict[str, list[str]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)

    @property
    def data(self) -> MultiValueDict[str, str]:
        return MultiValueDict(self.said)

    def has_seen(self, questions: Iterable[Asked]) -> bool:
        """Whether each of them, as it is now, was on a page that was filled in."""
        return {_version(question) for question in questions} <= set(self.seen)


def answers_so_far(request: HttpRequest, key: str) -> AnswersSoFar:
    """What this browser answered so far of the questionnaire of this key."""
    return AnswersSoFar(**request.session.get(IN_SESSION, {}).get(key, {}))


def keep_answers(request: HttpRequest, key: str, form: PageForm, *, filled_in: bool) -> AnswersSoFar:
    """Remember a page as it was sent; `filled_in` where nothing is wrong with it."""
    before = answers_so_far(request, key)
    posted = {name: [value[:ROOM] for value in request.POST.getlist(name)] for name in form.fields if name != "shown"}
    questions = [question for group in form.groups for question in group.questions]
    seen = [*before.seen, *(_version(question) for question in questions)] if filled_in else before.seen
    answers = AnswersSoFar(before.said | posted, list(dict.fromkeys(seen)))
    everything = request.session.get(IN_SESSION, {})
    request.session[IN_SESSION] = everything | {key: asdict(answers)}
    return answers


def drop_answers(request: HttpRequest, key: str) -> None:
    """Forget all answers of this questionnaire: they were sent."""
    everything = request.session.get(IN_SESSION, {})
    request.session[IN_SESSION] = {name: answers for name, answers in everything.items() if name != key}


def _version(question: Asked) -> str:
    return questionnaire.questions_version([question])
