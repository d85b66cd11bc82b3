"""Who watches over patients after a treatment: whether everybody who needs it has somebody on duty. Pure, in cells.

A patient who is watched takes a watch place, as one takes a piece of equipment. Those who watch are the clinic's staff
of certain roles who are on duty and with no other patient; each may watch several. Nobody is booked for it by name, so
that they can take turns; but nobody is booked away from it either, while they are needed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from clinic.grid import at_least, union
from clinic.premises.models import Clinic
from therapies.rota import Person


@dataclass
class Watch:
    """`people` are those who may watch, and `free` for each of them the cells on duty and with no other patient.

    `taken`: for each watch place the cells in which a patient lies there. One person watches at most `most` patients.
    """

    people: frozenset[int]
    free: tuple[int, ...]
    taken: tuple[int, ...]
    most: int
    worked_out: dict[tuple[int, int], int] = field(default_factory=dict, repr=False, compare=False)

    @property
    def is_needed(self) -> bool:
        """Whether anybody is watched in these days."""
        return any(self.taken)

    def enough(self, *, more: int = 0, away: int = 0) -> int:
        """The cells in which everybody is watched when `more` patients come and `away` of the free staff are taken.

        Where nobody is watched any number may be taken.
        """
        if (more, away) not in self.worked_out:
            self.worked_out[more, away] = ~self._lacking(more, away)
        return self.worked_out[more, away]

    def _lacking(self, more: int, away: int) -> int:
        cells = 0
        for patients in range(len(self.taken) + 1):
            needed = -(-(patients + more) // self.most)
            if needed:
                cells |= at_least(self.taken, patients) & ~at_least(self.free, needed + away)
        return cells

    def lacking(self) -> int:
        """The cells in which a patient is watched and too few are on duty."""
        return union(self.taken) & ~self.enough()

    def is_kept(self, taken: Sequence[int], own: int) -> bool:
        """Whether everybody is watched, one more patient in the cells `own` too, when staff who watch are taken.

        `taken` has the cells of each stretch in which one of them is.
        """
        if own & ~self.enough(more=1):
            return False
        for away in range(1, len(taken) + 1):
            cells = at_least(taken, away)
            if not cells:
                return True
            if cells & ~own & ~self.enough(away=away) or cells & own & ~self.enough(more=1, away=away):
                return False
        return True


def watch_of(clinic: Clinic, people: Iterable[Person], free: Callable[[Person], int], taken: Iterable[int]) -> Watch:
    """The clinic's watch: of its `people` those whose role watches, the cells in which each is `free`, and the cells in
    which each watch place is taken."""
    watching = [person for person in people if not person.roles.isdisjoint(clinic.watch_roles)]
    ids = frozenset(person.id for person in watching)
    return Watch(ids, tuple(free(person) for person in watching), tuple(taken), clinic.watched_by_one)
