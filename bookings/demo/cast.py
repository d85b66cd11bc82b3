"""Who and what the demo clinic has: plain tables."""

from dataclasses import dataclass

SLUG = "jaipur"
PASSWORD = "warm-sesame-oil"  # noqa: S105 - printed at every start, in local mode only
SECOND_STEP = "246810"  # the code of everybody's second step; it opens nothing in production

ROOMS: dict[str, list[str]] = {
    "Consultation 1": ["consultation_room"],
    "Consultation 2": ["consultation_room"],
    "Consultation 3": ["consultation_room"],
    "Therapy 1 (Neem)": ["therapy_room"],
    "Therapy 2 (Tulsi)": ["therapy_room"],
    "Therapy 3 (Sandal)": ["therapy_room"],
    "Therapy 4 (Lotus)": ["therapy_room"],
    "Therapy 5 (Bilva)": ["therapy_room", "therapy_room_attached_toilet"],
    "Therapy 6 (Amla)": ["therapy_room", "therapy_room_attached_toilet"],
    "Steam room": ["steam_room"],
    "Nasya room": ["nasya_room"],
    "Procedure room": ["procedure_room"],
    "Vamana room": ["vamana_room"],
}
EQUIPMENT = {
    "Steam chamber": "steam_chamber",
    "Nadi Sweda apparatus 1": "nadi_sweda_apparatus",
    "Nadi Sweda apparatus 2": "nadi_sweda_apparatus",
    "Basti apparatus 1": "basti_apparatus",
    "Basti apparatus 2": "basti_apparatus",
    "Leech tank": "leech_tank",
    "Watch place 1": "watch_place",
    "Watch place 2": "watch_place",
    "Watch place 3": "watch_place",
    "Watch place 4": "watch_place",
}
PRICES = {
    "consultation_first": "₹ 600",
    "consultation_follow_up": "₹ 300",
    "back_pain_massage": "₹ 700",
    "abhyanga": "₹ 1,800",
    "kati_basti": "₹ 1,200",
    "swedana": "₹ 600",
    "nadi_sweda": "₹ 500",
    "shashtika_shali_pinda_sweda": "₹ 2,400",
}

WEEK = range(6)
SUNDAY = 6
# Monday to Saturday. The house stays open at noon, because some procedures last the whole day; people take turns.
OPEN = [("07:00", "19:00")]
EARLY = [("07:00", "12:00"), ("13:00", "16:00")]
LATE = [("10:00", "14:00"), ("15:00", "19:00")]
SUNDAYS = [("08:00", "11:00")]


@dataclass(frozen=True)
class DemoPerson:
    """Somebody who serves; with a staff number they can sign in."""

    name: str
    role: str
    gender: str
    hours: list[tuple[str, str]]
    on_sundays: bool = False
    number: str = ""
    email: str = ""
    registration: str = ""


SERVING = [
    DemoPerson(
        "Dr Asha Sharma",
        "vaidya",
        "female",
        EARLY,
        on_sundays=True,
        number="V1001",
        email="asha@aarogya.example",
        registration="RJ-AYU-11872",
    ),
    DemoPerson(
        "Dr Vikram Rathore",
        "vaidya",
        "male",
        LATE,
        number="V1002",
        email="vikram@aarogya.example",
        registration="RJ-AYU-09316",
    ),
    DemoPerson(
        "Dr Neha Joshi",
        "vaidya",
        "female",
        LATE,
        number="V1003",
        email="neha@aarogya.example",
        registration="RJ-AYU-15540",
    ),
    DemoPerson(
        "Sunita Meena", "therapist", "female", EARLY, on_sundays=True, number="T1001", email="sunita@aarogya.example"
    ),
    DemoPerson("Kavita Soni", "therapist", "female", EARLY, on_sundays=True),
    DemoPerson("Rekha Saini", "therapist", "female", LATE),
    DemoPerson("Pooja Kumawat", "therapist", "female", LATE),
    DemoPerson("Lalita Bairwa", "therapist", "female", LATE),
    DemoPerson("Ramesh Yadav", "therapist", "male", EARLY, on_sundays=True),
    DemoPerson("Mohan Gurjar", "therapist", "male", EARLY, on_sundays=True),
    DemoPerson("Suresh Prajapat", "therapist", "male", LATE),
    DemoPerson("Arjun Choudhary", "therapist", "male", LATE),
    DemoPerson("Deepak Verma", "therapist", "male", EARLY),
    DemoPerson("Anita George", "nurse", "female", EARLY, on_sundays=True),
    DemoPerson("Manoj Nair", "nurse", "male", LATE),
    DemoPerson("Geeta Devi", "attendant", "female", EARLY, on_sundays=True),
    DemoPerson("Ganesh Lal", "attendant", "male", LATE),
]


@dataclass(frozen=True)
class Office:
    """Somebody who works at the clinic without giving therapies."""

    name: str
    role: str
    number: str
    email: str


MANAGER = Office("Harsh Agarwal", "manager", "M1001", "harsh@aarogya.example")
FRONT_DESK = Office("Priya Mathur", "front_desk", "F1001", "priya@aarogya.example")


@dataclass(frozen=True)
class DemoVisit:
    """A visit to book: days from today, and the time of day that would suit."""

    guest: str
    therapy: str
    days: int
    at: str
    variant: str = ""
    with_whom: str = ""


PLANS = [
    DemoVisit("Savitri", "kati_basti", 1, "11:00"),
    DemoVisit("Nikhil", "abhyanga", 1, "09:00", "local"),
    DemoVisit("Govind", "consultation_follow_up", 1, "10:30"),
    DemoVisit("Kamla", "patra_pinda_sweda", 1, "14:30"),
    DemoVisit("Joseph", "nadi_sweda", 2, "09:30"),
    DemoVisit("Bhanwar", "shashtika_shali_pinda_sweda", 2, "15:00"),
    DemoVisit("Savitri", "kati_basti", 2, "11:00"),
    DemoVisit("Fatima", "basti", 3, "10:00", "niruha"),
    DemoVisit("Ananya", "back_pain_massage", 3, "10:00"),
    DemoVisit("Imran", "nasya", 4, "16:00"),
    DemoVisit("Meera", "consultation_follow_up", 5, "11:00", with_whom="Dr Asha Sharma"),
]
