"""Inputs that leave room for their neighbours in a table."""

from django import forms


def narrow(size: int) -> forms.TextInput:
    return forms.TextInput(attrs={"size": size})
