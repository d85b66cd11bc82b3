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
    vaidya: str = "Dr Asha Sharma"
    room: str = "Consultation 1"


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
        vaidya="Dr Neha Joshi",
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


def _massage() -> DemoOrder:
    return DemoOrder("back_pain_massage", 4, 3)


def _by_vikram(
    guest: str, days: int, at: str, complaint: str, prashna: str, pain: int, order: DemoOrder
) -> DemoFinding:
    return DemoFinding(
        guest, days, at, complaint, prashna, pain, (order,), vaidya="Dr Vikram Rathore", room="Consultation 2"
    )


def _by_neha(guest: str, days: int, at: str, complaint: str, prashna: str, pain: int, order: DemoOrder) -> DemoFinding:
    return DemoFinding(
        guest, days, at, complaint, prashna, pain, (order,), vaidya="Dr Neha Joshi", room="Consultation 3"
    )


FINDINGS_OF_TODAYS = [
    _by_vikram("Sunil (younger)", 8, "10:10", "Lower back pain after lifting", "Works in a store", 5, _massage()),
    _by_vikram("रामलाल", 9, "11:00", "Stiff lower back", "Drives a tractor", 6, _massage()),
    _by_vikram("Rohit", 6, "11:50", "Back pain since the winter", "Sits at a desk", 3, _massage()),
    _by_vikram("Vijay", 10, "12:40", "Tired and tense shoulders", "Sleeps badly", 4, DemoOrder("abhyanga", 5, 3)),
    _by_vikram("मोहन", 11, "15:10", "Pain in the lower back", "Worse when bending", 7, DemoOrder("kati_basti", 7)),
    _by_vikram("Kishan", 12, "16:00", "Pain in both knees", "Better when warm", 7, DemoOrder("patra_pinda_sweda", 7)),
    _by_vikram("Abdul", 9, "16:50", "Stiff back and neck", "Works in the cold", 5, DemoOrder("swedana", 5)),
    _by_vikram("Mahesh", 13, "17:40", "Pain in the left hip", "Worse in the morning", 5, DemoOrder("nadi_sweda", 5, 2)),
    _by_neha("Lata", 8, "10:10", "Back pain after the harvest", "Carries water", 5, _massage()),
    _by_neha("Sneha", 6, "11:00", "Lower back pain since the birth of a son two years ago", "Lifts him", 4, _massage()),
    _by_neha(
        "Deepika", 9, "11:50", "Tension in neck and back", "Long days at a screen", 4, DemoOrder("abhyanga", 5, 3)
    ),
    _by_neha("Sarita", 10, "12:40", "Restless sleep, stiff back", "Skips meals", 4, DemoOrder("abhyanga", 5, 3)),
    _by_neha("Usha", 11, "15:50", "Pain in the lower back", "Worse when standing", 6, DemoOrder("kati_basti", 7)),
    _by_neha("Rukmini", 12, "16:40", "Low back pain for years", "Walks with a stick", 7, DemoOrder("kati_basti", 7)),
]
"""Those who come on the demo's own day. One Vaidya and one room each, at times that keep apart on whatever day."""
