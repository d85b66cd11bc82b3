from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "clinic.people"
    label = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        """Checks are registered as they are read, once the settings stand."""
        from clinic import deploy_checks  # noqa: F401 - its reading is what counts
