from typing import Any

from django.core.management.base import BaseCommand

from clinic.people.patients import renew_search_terms


class Command(BaseCommand):
    help = "Works out anew what finds each patient by name, after the rules for it have changed."

    def handle(self, *args: Any, **options: Any) -> None:
        renew_search_terms()
