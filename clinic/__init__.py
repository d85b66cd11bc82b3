"""The project and the house the clinic lives in."""

from .celery import app as celery_app

__all__ = ["celery_app"]
