"""How allauth speaks with the house."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Accounts by mailed code; staff by number or e-mail and password."""
