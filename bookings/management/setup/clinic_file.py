"""What a clinic's file says (docs/clinic.yaml is an example): its house, rooms, hours and people. Pure.

The clock is written "07:30", in quotes; weekdays are mon, tue, wed, thu, fri, sat, sun.
"""

from typing import Annotated, Literal

import yaml
from django.conf import settings
from pydantic import AfterValidator, Field, ValidationError, model_validator

from clinic.people.models import Gender, Role
from therapies.catalogue.shapes import Clock, Code, FileShape, Label
from therapies.models.practitioner import PractitionerRole

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def _offered(code: str) -> str:
    """As the forms of the admin: another language would be lost there, and no page could name it."""
    codes = [each for each, _name in settings.LANGUAGES]
    if code not in codes:
        raise ValueError(f"the pages offer {', '.join(codes)}")
    return code


Language = Annotated[str, AfterValidator(_offered)]


class FileUnclear(Exception):
    """What the file does not say as it must; `problems` are lines that name the place."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class HoursEntry(FileShape):
    """The same stretch on each of these weekdays."""

    days: list[Weekday] = Field(min_length=1)
    begin: Clock = Field(alias="from")
    end: Clock = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> "HoursEntry":
        if self.end <= self.begin:
            raise ValueError("“to” must be after “from”")
        return self

    @property
    def weekdays(self) -> list[int]:
        """0 is Monday."""
        return sorted({WEEK.index(day) for day in self.days})


class HouseEntry(FileShape):
    """The clinic itself; `slug` is its short name in web addresses, `sender` the neutral name in messages."""

    name: Label
    slug: Annotated[str, Field(pattern=r"^[a-z0-9-]+$", max_length=50)]
    sender: Annotated[Label, Field(max_length=60)]
    address: Annotated[str, Field(min_length=1)]
    phone: str = ""
    email: str = ""
    timezone: str = "Asia/Kolkata"
    languages: list[Language] = ["en"]
    holidays: str = ""


class RoomEntry(FileShape):
    """`features` are codes of the catalogue, such as consultation_room or therapy_room."""

    name: Label
    features: list[Code] = []


class EquipmentEntry(FileShape):
    """Only scarce kinds, such as steam_chamber."""

    name: Label
    kind: Code


class PersonEntry(FileShape):
    """Somebody who works at the clinic. Who treats has a gender, hours and therapies; `gives` are codes, or "all"."""

    name: Label
    roles: list[Role] = Field(min_length=1)
    email: str = ""
    staff_number: str = ""
    gender: Gender | None = None
    languages: list[Language] = []
    registration_number: str = ""
    gives: list[Code] | Literal["all"] = "all"
    hours: list[HoursEntry] = []

    @property
    def serving_roles(self) -> list[str]:
        """The roles in which visits are given to this person."""
        return [role.value for role in self.roles if role.value in PractitionerRole.values]

    @model_validator(mode="after")
    def _complete(self) -> "PersonEntry":
        if not (self.email or self.staff_number):
            raise ValueError("give an e-mail address or a staff number to sign in with")
        if Role.VAIDYA in self.roles and not self.registration_number:
            raise ValueError("a Vaidya needs a registration number")
        if self.serving_roles and self.gender is None:
            raise ValueError("say the gender: patients choose who may treat them")
        if self.serving_roles and not self.hours:
            raise ValueError("say the working hours")
        return self


class ClinicFile(FileShape):
    """The whole file."""

    clinic: HouseEntry
    open: list[HoursEntry] = Field(min_length=1)
    rooms: list[RoomEntry] = Field(min_length=1)
    equipment: list[EquipmentEntry] = []
    people: list[PersonEntry] = Field(min_length=1)

    @model_validator(mode="after")
    def _managed(self) -> "ClinicFile":
        roles = {role for person in self.people for role in person.roles}
        missing = [role.value for role in (Role.MANAGER, Role.VAIDYA) if role not in roles]
        if missing:
            raise ValueError(f"nobody has the role {' or '.join(missing)}")
        return self


def read_clinic_file(text: str) -> ClinicFile:
    """Raises FileUnclear with every problem at once."""
    try:
        return ClinicFile.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise FileUnclear([f"This is not YAML: {error}"]) from None
    except ValidationError as error:
        raise FileUnclear([_line(problem["loc"], problem["msg"]) for problem in error.errors()]) from None


def _line(where: tuple[int | str, ...], what: str) -> str:
    """people 2, hours 1, to: … ; entries of a list are counted from one."""
    place = ", ".join(f"{part + 1}" if isinstance(part, int) else part for part in where) or "the file"
    return f"{place}: {what.removeprefix('Value error, ')}"


def weekly_rows(entries: list[HoursEntry]) -> list[tuple[int, int, int]]:
    """Weekday, from and to in minutes after midnight, in the order of the week."""
    return sorted((day, entry.begin, entry.end) for entry in entries for day in entry.weekdays)
