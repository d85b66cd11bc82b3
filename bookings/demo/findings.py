"""Whom a Vaidya of the demo clinic examined, and what came of it: a plain table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoOrder:
    """A therapy of a prescription, as often and as far apart as the Vaidya wrote."""

    therapy: str
    sessions: int
    days_between: int = 1
    variant: str = ""


@dataclass(frozen=True)
class DemoFinding:
    """What a Vaidya found in a guest and prescribed, so many days ago at that time.

    `answered`: whether the health questions are. The times keep apart, also when a Sunday becomes a Monday.
    """

    guest: str
    days: int
    at: str
    complaint: str
    prashna: str
    pain: int
    ordered: tuple[DemoOrder, ...] = ()
    answered: bool = True


FINDINGS = [
    DemoFinding(
        "Meera",
        12,
        "10:15",
        "Pain in the lower back since the spring, worse in the morning",
        "Sits all day; stiff",
        6,
        (
            DemoOrder("abhyanga", 6, 3),
            DemoOrder("swedana", 6, 3),
            DemoOrder("kati_basti", 7),
            DemoOrder("back_pain_massage", 4, 4),
        ),
        answered=False,
    ),
    DemoFinding(
        "Savitri",
        9,
        "13:45",
        "Pain in the lower back, and stiff knees",
        "Walks little",
        7,
        (DemoOrder("kati_basti", 7),),
    ),
    DemoFinding(
        "Fatima",
        8,
        "15:00",
        "Pain from the back down the left leg",
        "Worse when sitting",
        6,
        (DemoOrder("basti", 3, 2, "niruha"),),
    ),
    DemoFinding(
        "Joseph",
        15,
        "08:00",
        "Stiff back in the morning",
        "Heavy meals in the evening",
        4,
        (DemoOrder("swedana", 7), DemoOrder("nadi_sweda", 3, 2)),
    ),
    DemoFinding(
        "Imran",
        11,
        "08:45",
        "Pain between the shoulders",
        "Long hours at a screen; a stuffy nose",
        5,
        (DemoOrder("abhyanga", 7, 3), DemoOrder("nasya", 7)),
    ),
    DemoFinding(
        "Ananya",
        6,
        "07:15",
        "Lower back pain after travelling",
        "Better when lying",
        5,
        (DemoOrder("back_pain_massage", 6, 3),),
    ),
    DemoFinding(
        "Nikhil", 5, "13:00", "Pain in one shoulder", "Lifts loads at work", 4, (DemoOrder("abhyanga", 5, 3, "local"),)
    ),
    DemoFinding(
        "Kamla",
        13,
        "09:30",
        "Pain in both knees and the lower back",
        "Climbs stairs slowly",
        7,
        (DemoOrder("patra_pinda_sweda", 7),),
    ),
    DemoFinding(
        "Bhanwar",
        14,
        "11:00",
        "Weak and thin since an illness; the back aches",
        "Eats little",
        5,
        (DemoOrder("shashtika_shali_pinda_sweda", 7),),
    ),
]
"""Who was examined, and what came of it."""
