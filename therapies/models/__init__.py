"""What is offered, who gives it, when they work, and for whom it is safe."""

from .practitioner import Practitioner, PractitionerRole, Qualification, WorkingHours
from .proposal import ProposalStatus, SafetyModel, SafetyProposal
from .review import Review, ReviewedKind
from .safety import Contraindication, Level, Question, Rule, Source, Term
from .therapy import BookingMode, Needs, Price, Therapy, TherapyKind, TherapyText
from .variant import Presence, Step, StepCrew, Variant

__all__ = [
    "BookingMode",
    "Contraindication",
    "Level",
    "Needs",
    "Practitioner",
    "PractitionerRole",
    "Presence",
    "Price",
    "ProposalStatus",
    "Qualification",
    "Question",
    "Review",
    "ReviewedKind",
    "Rule",
    "SafetyModel",
    "SafetyProposal",
    "Source",
    "Step",
    "StepCrew",
    "Term",
    "Therapy",
    "TherapyKind",
    "TherapyText",
    "Variant",
    "WorkingHours",
]
