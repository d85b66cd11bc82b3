"""The page of a therapy, inside its frame."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from therapies import pages
from therapies.models import Therapy, TherapyKind


def body_of(therapy: Therapy) -> SafeString:
    """As text of templates, without a reader; reads what `with_page` fetched."""
    text = pages.text_of(therapy)
    context = {
        "therapy": therapy,
        "text": text,
        "courses": pages.courses(therapy),
        "own_preparation": pages.own_preparation(therapy, text),
        "not_given": pages.not_given(therapy),
        "before_booking": pages.advice_before_booking(therapy),
        "facts": pages.facts(therapy),
        "sources": pages.sources_of_page(therapy),
        "has_unsourced": pages.has_unsourced(therapy),
        "is_consultation": therapy.kind == TherapyKind.CONSULTATION,
    }
    return render_to_string("therapies/_therapy.html", context)
