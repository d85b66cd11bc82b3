"""Logs of libraries that only grow too: the admin's, and who stands behind each recorded change."""

from django.contrib.admin.models import LogEntry
from pghistory.models import Context

from clinic.append_only import append_only, settled_after_its_request


class AdminLog(LogEntry):
    """What was done in the admin."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = append_only("admin_log")


class ChangeContext(Context):
    """Who changed something and at which address; complete when the request is over."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = settled_after_its_request("context")
