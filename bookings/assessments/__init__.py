"""Verbs on examinations and prescriptions: write, sign once for all that a visit produced, write anew, end."""

from .drafts import Facts, SuitedFor, UnknownFact, assess, discard, new_version
from .ordering import end_prescription, prescribe
from .signing import Cleared, fingerprint, sign

__all__ = [
    "Cleared",
    "Facts",
    "SuitedFor",
    "UnknownFact",
    "assess",
    "discard",
    "end_prescription",
    "fingerprint",
    "new_version",
    "prescribe",
    "sign",
]
