"""What the database holds of merged records: one step leads to the survivor; the other gets nothing new."""

import pgtrigger

from clinic.append_only import Sealing


def one_step_to_survivor() -> pgtrigger.Trigger:
    """A trigger that refuses chains and circles: a merged record has none of its own, the survivor is not merged.

    The lock on the survivor makes two merges at once wait for each other.
    """
    return Sealing(
        name="patient_merged_in_one_step",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("merged_into_id"),
        declare=[("beyond", "bigint")],
        func="""
            IF NEW.merged_into_id IS NULL THEN
                RETURN NEW;
            END IF;
            SELECT merged_into_id INTO beyond FROM people_patient WHERE id = NEW.merged_into_id FOR SHARE;
            IF beyond IS NOT NULL OR NEW.merged_into_id = NEW.id
                OR EXISTS (SELECT FROM people_patient WHERE merged_into_id = NEW.id)
            THEN
                RAISE EXCEPTION 'A merged record leads to its survivor in one step'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'patient_merged_in_one_step';
            END IF;
            RETURN NEW;
        """,
    )


def of_no_merged_record(name: str) -> pgtrigger.Trigger:
    """A trigger that refuses rows of a merged record: its time, visits and accounts are the survivor's.

    The lock makes it wait for a merge that is going on, which locks both records FOR UPDATE.
    """
    return Sealing(
        name=f"{name}_of_no_merged_record",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("patient_id"),
        declare=[("survivor", "bigint")],
        func=f"""
            IF NEW.patient_id IS NULL THEN
                RETURN NEW;
            END IF;
            SELECT merged_into_id INTO survivor FROM people_patient WHERE id = NEW.patient_id FOR KEY SHARE;
            IF survivor IS NOT NULL THEN
                RAISE EXCEPTION 'This record was merged into another one'
                    USING ERRCODE = 'check_violation', CONSTRAINT = '{name}_of_no_merged_record';
            END IF;
            RETURN NEW;
        """,  # noqa: S608 - names of ours
    )
