"""A child under ten has as many therapists as the entry of the therapy says."""

import pytest

from tests.shipped import load_shipped
from therapies.models import Variant
from therapies.shape import shape

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("for_child", "expected"), [(False, (2, 1)), (True, (1, 1))])
def test_child_under_ten_is_oiled_by_one_therapist(expected: tuple[int, int], *, for_child: bool) -> None:
    """The entry of Abhyanga said so, and nothing read it."""
    load_shipped()
    variant = Variant.objects.prefetch_related("steps__crews").get(therapy__code="abhyanga", code="default")

    crews = [crew for crew in shape(variant, for_child=for_child).crews if crew.role == "therapist"]

    assert [(crew.full, crew.minimum) for crew in crews] == [expected]
