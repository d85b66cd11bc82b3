"""Rest and cleaning never vanish inside a treatment that became longer."""

from therapies.catalogue.reader import Catalogue
from therapies.models import Step
from therapies.step_order import why_not_steps


def step(name: str, offset: int, minutes: int, *, room: bool = True, patient: bool = True) -> Step:
    return Step(name=name, offset=offset, minutes=minutes, room_kept=room, patient_present=patient)


SETUP = step("Setting up", -10, 10, patient=False)
REST = step("Rest", 15, 10)
CLEANING = step("Cleaning", 25, 10, patient=False)


def test_steps_one_after_the_other_fit() -> None:
    assert why_not_steps([CLEANING, REST, step("Treatment", 0, 15), SETUP]) == []


def test_treatment_that_reaches_into_rest_and_cleaning_is_refused_and_says_with_what() -> None:
    assert why_not_steps([SETUP, step("Treatment", 0, 35), REST, CLEANING]) == [
        "“Treatment” lasts until minute 35, but “Rest” starts at minute 15. Change the start of one of them.",
        (
            "“Treatment” needs the room until minute 35, but “Cleaning” needs it from minute 25."
            " Change the start of one of them."
        ),
    ]


def test_bath_while_the_room_is_cleaned_fits() -> None:
    assert why_not_steps([step("Treatment", 0, 25), step("Bath", 25, 20, room=False), CLEANING]) == []


def test_treatment_begins_with_the_patient_at_minute_0() -> None:
    assert why_not_steps([SETUP, step("Treatment", 5, 15)]) == [
        "One step with the patient must start at minute 0: it is the time that the patient books."
    ]


def test_every_variant_of_the_catalogue_fits(catalogue: Catalogue) -> None:
    broken = {
        (therapy.code, variant.code): reasons
        for therapy in catalogue.therapies.values()
        for variant in therapy.variants
        if variant.steps
        and (
            reasons := why_not_steps(
                [
                    step(each.code, each.offset, each.minutes, room=each.room, patient=each.patient)
                    for each in variant.steps
                ]
            )
        )
    }

    assert broken == {}
