"""The catalogue of the house, read once and loaded where a test asks for it."""

import pytest

from tests.shipped import CATALOGUE, load_shipped
from therapies.catalogue.reader import Catalogue


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return CATALOGUE


@pytest.fixture
def loaded(db: None, catalogue: Catalogue) -> Catalogue:
    """The house's catalogue in the database."""
    load_shipped()
    return catalogue
