"""Therapies, their safety, and the people who give them, for managers.

What is edited here stays when the catalogue is loaded again; `load_catalogue` lists it.
"""

from . import offer, people, safety, variants

__all__ = ["offer", "people", "safety", "variants"]
